import { chip } from '../../../core/chip';

/** USB vendor of Raspberry Pi, in hexadecimal as this program writes ids: lower case, 4 digits. */
export const raspberryPi = chip.usbVendor.toString(16).padStart(4, '0');

/** The product behind a serial port. */
export interface Product {
  kind: 'pico' | 'probe';
  runs?: string;
  /** Set when the product id is not that of an RP2040. */
  chip?: 'RP2350';
}

/**
 * Raspberry Pi's own products with a serial port; see github.com/raspberrypi/usb-pid. Boards of
 * other makers have numbers of their own, from 1000 on. In its boot loader (0003; 000f for an
 * RP2350) a Pico has no serial port but a drive.
 */
const products: Readonly<Record<string, Product & { runs: string }>> = {
  '0004': { kind: 'probe', runs: 'Picoprobe' },
  '0005': { kind: 'pico', runs: 'MicroPython' },
  '0009': { kind: 'pico', runs: 'a program of the pico-sdk', chip: 'RP2350' },
  '000a': { kind: 'pico', runs: 'a program of the pico-sdk' },
  '000b': { kind: 'pico', runs: 'CircuitPython' },
  '000c': { kind: 'probe', runs: 'Debug Probe' },
};

/** USB ids of the device behind a serial port. */
export interface UsbPort {
  /** Hexadecimal, in any case; absent for ports that are not USB. */
  vendorId?: string | undefined;
  productId?: string | undefined;
}

/**
 * The product behind a serial port: a Pico, or a debug probe, which is built from one but runs no
 * program of the user's. Undefined for devices of other vendors.
 */
export function productOf(port: UsbPort): Product | undefined {
  if (port.vendorId?.toLowerCase() !== raspberryPi) return undefined;
  return products[port.productId?.toLowerCase() ?? ''] ?? { kind: 'pico' };
}
