import type { RP2040 } from 'rp2040js';
import { flashInterfaceOf } from '../rp2040js';

/** Registers of the SSI that keep what is written: bits of each, and its reset (RP2040 datasheet, 4.10.13). */
const stored: Readonly<Record<number, { bits: number; reset?: number }>> = {
  0x00: { bits: 0x017fffff },
  0x04: { bits: 0xffff },
  0x08: { bits: 1 },
  0x0c: { bits: 7 },
  0x10: { bits: 1 },
  0x14: { bits: 0xffff },
  0x18: { bits: 0xff },
  0x1c: { bits: 0xff },
  0x2c: { bits: 0x3f, reset: 0x3f },
  0x4c: { bits: 3 },
  0x50: { bits: 0xff },
  0x54: { bits: 0xff },
  0xf0: { bits: 0xff },
  0xf4: { bits: 0xff07fb3f, reset: 0x03000000 },
  0xf8: { bits: 0xff },
};

/** Lets the registers of the flash chip's interface keep what programs write; rp2040js knows some. */
export function storeFlashInterface(chip: RP2040): void {
  const device = flashInterfaceOf(chip);
  const values = new Map<number, number>();
  const read = device.readUint32.bind(device);
  const write = device.writeUint32.bind(device);
  device.readUint32 = (offset) => {
    const register = stored[offset & 0xfff];
    if (!register) return read(offset & 0xfff);
    return values.get(offset & 0xfff) ?? register.reset ?? 0;
  };
  device.writeUint32 = (offset, value) => {
    const register = stored[offset];
    if (register) values.set(offset, (value & register.bits) >>> 0);
    else write(offset, value);
  };
}
