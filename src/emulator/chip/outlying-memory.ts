import type { RP2040 } from 'rp2040js';
import { cacheRamBase, sramBase, stripedBytes } from './address-map';
import type { XipControl } from './xip-control';

/** The four banks of SRAM once more, one after the other instead of word by word in turn. */
const banksBase = 0x21000000;
const bankBytes = stripedBytes / 4;

/** The address in striped SRAM of one in the banks; undefined for any other. */
export function stripedAddress(address: number): number | undefined {
  const offset = address - banksBase;
  if (offset < 0 || offset >= stripedBytes) return undefined;
  const bank = Math.floor(offset / bankBytes);
  const inBank = offset % bankBytes;
  return sramBase + (inBank >>> 2) * 16 + bank * 4 + (inBank & 3);
}

/** Gives the buses of the chip, DMA's among them, the banks of SRAM and the memory of the flash cache. */
export function addOutlyingMemory(chip: RP2040, xip: XipControl): void {
  const { ram } = xip;
  const reads = {
    readUint8: (offset: number) => ram.getUint8(offset),
    readUint16: (offset: number) => ram.getUint16(offset, true),
    readUint32: (offset: number) => ram.getUint32(offset, true),
  };
  const writes = {
    writeUint8: (offset: number, value: number) => ram.setUint8(offset, value),
    writeUint16: (offset: number, value: number) => ram.setUint16(offset, value, true),
    writeUint32: (offset: number, value: number) => ram.setUint32(offset, value, true),
  };
  for (const name of ['readUint8', 'readUint16', 'readUint32'] as const) {
    const read = chip[name].bind(chip);
    chip[name] = (address) =>
      xip.servesAsSram(address)
        ? reads[name](address - cacheRamBase)
        : read(stripedAddress(address) ?? address);
  }
  for (const name of ['writeUint8', 'writeUint16', 'writeUint32'] as const) {
    const write = chip[name].bind(chip);
    chip[name] = (address, value) => {
      if (xip.servesAsSram(address)) writes[name](address - cacheRamBase, value);
      else write(stripedAddress(address) ?? address, value);
    };
  }
}
