import type { RP2040 } from 'rp2040js';
import { ChipFault, hex32 } from '../fault';

const romBytes = 0x4000;
const flashBase = 0x10000000;
const flashEnd = 0x14000000;
/** Flash appears four times in its range, with other cache behaviour. */
const flashMask = 0xffffff;
const sramBase = 0x20000000;

/** Places beside the peripherals that rp2040js serves itself. */
const served = [
  { base: 0xd0000000, end: 0xd0000180, name: 'SIO' },
  { base: 0xe000e000, end: 0xe000f000, name: 'private peripherals' },
  { base: 0x50100000, end: 0x50101000, name: 'USB memory' },
];

/** Registers of the flash cache, which is not modelled. */
const flashCache = { base: 0x14000000, end: 0x14000020 };

function within(address: number, { base, end }: { base: number; end: number }): boolean {
  return address >= base && address < end;
}

/**
 * Memory accesses of the core. SRAM and flash are served here, quickly; the rest goes to rp2040js
 * after the checks that it leaves out: an access that is unaligned or hits nothing is a fault.
 * Addresses and words may be given with or without sign; a loaded word is signed, so that V8 keeps
 * it in a machine register.
 */
export class Bus {
  private readonly sram8: Uint8Array;
  private readonly sram16: Uint16Array;
  private readonly sram32: Int32Array;
  private readonly flash8: Uint8Array;
  private readonly flash16: Uint16Array;
  private readonly flash32: Int32Array;
  private readonly rom16: Uint16Array;

  constructor(private readonly chip: RP2040) {
    this.sram8 = chip.sram;
    this.sram16 = new Uint16Array(chip.sram.buffer);
    this.sram32 = new Int32Array(chip.sram.buffer);
    this.flash8 = chip.flash;
    this.flash16 = chip.flash16;
    this.flash32 = new Int32Array(chip.flash.buffer);
    this.rom16 = new Uint16Array(chip.bootrom.buffer);
  }

  /** The instruction at an even address. */
  fetch(address: number): number {
    if (address >= sramBase) {
      const instruction = this.sram16[(address - sramBase) >>> 1];
      if (instruction !== undefined) return instruction;
    } else if (address >= flashBase && address < flashEnd) {
      return this.flash16[(address & flashMask) >>> 1] ?? 0;
    } else if (address >= 0 && address < romBytes) {
      return this.rom16[address >>> 1] ?? 0;
    }
    throw new ChipFault(`no program at ${hex32(address)}`);
  }

  load32(address: number): number {
    if ((address & 3) === 0) {
      const offset = address - sramBase;
      if (offset >= 0 && offset < this.sram8.length) return this.sram32[offset >>> 2] ?? 0;
      if (address >= flashBase && address < flashEnd)
        return this.flash32[(address & flashMask) >>> 2] ?? 0;
    }
    return this.slowLoad(address, 4);
  }

  load16(address: number): number {
    if ((address & 1) === 0) {
      const offset = address - sramBase;
      if (offset >= 0 && offset < this.sram8.length) return this.sram16[offset >>> 1] ?? 0;
      if (address >= flashBase && address < flashEnd) {
        return this.flash16[(address & flashMask) >>> 1] ?? 0;
      }
    }
    return this.slowLoad(address, 2);
  }

  load8(address: number): number {
    const offset = address - sramBase;
    if (offset >= 0 && offset < this.sram8.length) return this.sram8[offset] ?? 0;
    if (address >= flashBase && address < flashEnd) return this.flash8[address & flashMask] ?? 0;
    return this.slowLoad(address, 1);
  }

  store32(address: number, value: number): void {
    const offset = address - sramBase;
    if ((address & 3) === 0 && offset >= 0 && offset < this.sram8.length) {
      this.sram32[offset >>> 2] = value;
    } else if (this.takesStore(address, 4)) {
      this.chip.writeUint32(address >>> 0, value >>> 0);
    }
  }

  store16(address: number, value: number): void {
    const offset = address - sramBase;
    if ((address & 1) === 0 && offset >= 0 && offset < this.sram8.length) {
      this.sram16[offset >>> 1] = value;
    } else if (this.takesStore(address, 2)) {
      this.chip.writeUint16(address >>> 0, value & 0xffff);
    }
  }

  store8(address: number, value: number): void {
    const offset = address - sramBase;
    if (offset >= 0 && offset < this.sram8.length) {
      this.sram8[offset] = value;
    } else if (this.takesStore(address, 1)) {
      this.chip.writeUint8(address >>> 0, value & 0xff);
    }
  }

  private slowLoad(signedAddress: number, bytes: number): number {
    const address = signedAddress >>> 0;
    this.checkAligned('read', address, bytes);
    if (within(address, flashCache)) return 0;
    if (address >= romBytes) this.checkMapped('read', address);
    if (bytes === 4) return this.chip.readUint32(address) | 0;
    return bytes === 2 ? this.chip.readUint16(address) : this.chip.readUint8(address);
  }

  /** False where a store goes nowhere without harm. */
  private takesStore(signedAddress: number, bytes: number): boolean {
    const address = signedAddress >>> 0;
    this.checkAligned('write', address, bytes);
    // The boot ROM ignores stores; the USB library of the pico-sdk makes one, for endpoint 0.
    if (address < romBytes || within(address, flashCache)) return false;
    if (address >= flashBase && address < flashEnd) {
      throw new ChipFault(
        `write to flash at ${hex32(address)}, which only the boot ROM may program`,
      );
    }
    this.checkMapped('write', address);
    return true;
  }

  private checkAligned(access: string, address: number, bytes: number): void {
    if (address % bytes === 0) return;
    throw new ChipFault(`unaligned ${access} of ${bytes} bytes at ${hex32(address)}`);
  }

  private checkMapped(access: string, address: number): void {
    if (served.some((range) => within(address, range))) return;
    const peripheral: unknown = this.chip.findPeripheral(address);
    if (peripheral) return;
    throw new ChipFault(`${access} where there is no memory, at ${hex32(address)}`);
  }
}
