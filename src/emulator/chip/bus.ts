import { longCount } from '../long-count';
import type { RP2040 } from 'rp2040js';
import { hex32 } from '../../core/chip';
import { ChipFault } from '../fault';
import {
  flashBase,
  flashEnd,
  flashMask,
  privateBase,
  privateEnd,
  romBytes,
  sioBase,
  sioEnd,
  sramBase,
  sramBytes,
  stripedBits,
} from './address-map';
import type { CoreSio } from './core-sio';
import { stripedAddress } from './outlying-memory';
import type { RegisterDevice } from './register-device';
import type { XipCache } from './xip-cache';
import type { XipControl } from './xip-control';

/** USB's memory, which rp2040js serves beside its peripherals. */
const usbMemory = { base: 0x50100000, end: 0x50101000 };

/** Where the windows of the flash begin that leave the cache as it is. */
const uncachedBase = 0x11000000;

/** What a bus leads to beside the chip: one core's own devices, and the cache before the flash. */
export interface BusDevices {
  sio: CoreSio;
  privatePeripherals: () => RegisterDevice;
  xip: XipCache;
  xipControl: XipControl;
  /** Whether a word of SRAM, by its offset, is part of translated code. */
  holdsCode: (offset: number) => boolean;
  /** Called before such a word changes. */
  onCodeChange: (offset: number) => void;
}

/**
 * Memory accesses of one core. SRAM and flash are served here, quickly; the rest goes to rp2040js
 * after the checks that it leaves out: an access that is unaligned or hits nothing is a fault.
 * Addresses and words may be given with or without sign; a loaded word is signed, so that V8 keeps
 * it in a machine register.
 */
export class Bus {
  /** Accesses to the four banks of SRAM that the cores share, instructions by the word. */
  sramAccesses = longCount;
  /** Accesses to the flash. */
  flashAccesses = longCount;
  /** Cycles that accesses had to wait since somebody last took them. */
  stall = 0;
  /** What the core sees of SIO. */
  readonly sio: CoreSio;

  private readonly sram8: Uint8Array;
  private readonly sram16: Uint16Array;
  private readonly sram32: Int32Array;
  private readonly flash8: Uint8Array;
  private readonly flash16: Uint16Array;
  private readonly flash32: Int32Array;
  private readonly rom16: Uint16Array;

  constructor(
    private readonly chip: RP2040,
    private readonly devices: BusDevices,
  ) {
    this.sramAccesses = 0;
    this.flashAccesses = 0;
    this.sio = devices.sio;
    this.sram8 = chip.sram;
    const { buffer, byteOffset, length } = chip.sram;
    this.sram16 = new Uint16Array(buffer, byteOffset, length / 2);
    this.sram32 = new Int32Array(buffer, byteOffset, length / 4);
    this.flash8 = chip.flash;
    this.flash16 = chip.flash16;
    this.flash32 = new Int32Array(chip.flash.buffer, chip.flash.byteOffset, chip.flash.length / 4);
    this.rom16 = new Uint16Array(chip.bootrom.buffer);
  }

  /**
   * The instruction at an even address. Instructions are fetched by the word: one that shares its
   * word with the one before costs no access, unless it was `arrived` at by a branch.
   */
  fetch(address: number, arrived: boolean): number {
    const isAccess = arrived || (address & 2) === 0;
    if (address >= sramBase) {
      const offset = address - sramBase;
      const instruction = this.sram16[offset >>> 1];
      if (instruction !== undefined) {
        if (isAccess) this.sramAccesses += 1 - (offset >>> stripedBits);
        return instruction;
      }
    } else if (address >= flashBase && address < flashEnd) {
      if (isAccess) this.accessFlash(address);
      return this.flash16[(address & flashMask) >>> 1] ?? 0;
    } else if (address >= 0 && address < romBytes) {
      return this.rom16[address >>> 1] ?? 0;
    }
    if (this.isOutlying(address)) return this.chip.readUint16(address);
    throw new ChipFault(`no program at ${hex32(address)}`);
  }

  /** The instruction at an address without the costs of an access; 0 where there is none. */
  peek(address: number): number {
    if (address >= sramBase) return this.sram16[(address - sramBase) >>> 1] ?? 0;
    if (address >= flashBase && address < flashEnd) {
      return this.flash16[(address & flashMask) >>> 1] ?? 0;
    }
    return address >= 0 && address < romBytes ? (this.rom16[address >>> 1] ?? 0) : 0;
  }

  load32(address: number): number {
    if ((address & 3) === 0) {
      const offset = address - sramBase;
      if (offset >= 0 && offset < sramBytes) {
        this.sramAccesses += 1 - (offset >>> stripedBits);
        return this.sram32[offset >>> 2] ?? 0;
      }
      if (address >= flashBase && address < flashEnd) {
        this.accessFlash(address);
        return this.flash32[(address & flashMask) >>> 2] ?? 0;
      }
    }
    return this.slowLoad(address, 4);
  }

  load16(address: number): number {
    if ((address & 1) === 0) {
      const offset = address - sramBase;
      if (offset >= 0 && offset < sramBytes) {
        this.sramAccesses += 1 - (offset >>> stripedBits);
        return this.sram16[offset >>> 1] ?? 0;
      }
      if (address >= flashBase && address < flashEnd) {
        this.accessFlash(address);
        return this.flash16[(address & flashMask) >>> 1] ?? 0;
      }
    }
    return this.slowLoad(address, 2);
  }

  load8(address: number): number {
    const offset = address - sramBase;
    if (offset >= 0 && offset < sramBytes) {
      this.sramAccesses += 1 - (offset >>> stripedBits);
      return this.sram8[offset] ?? 0;
    }
    if (address >= flashBase && address < flashEnd) {
      this.accessFlash(address);
      return this.flash8[address & flashMask] ?? 0;
    }
    return this.slowLoad(address, 1);
  }

  store32(address: number, value: number): void {
    const offset = address - sramBase;
    if ((address & 3) === 0 && offset >= 0 && offset < sramBytes) {
      this.prepareStore(offset);
      this.sram32[offset >>> 2] = value;
    } else this.slowStore(address, 4, value);
  }

  store16(address: number, value: number): void {
    const offset = address - sramBase;
    if ((address & 1) === 0 && offset >= 0 && offset < sramBytes) {
      this.prepareStore(offset);
      this.sram16[offset >>> 1] = value;
    } else this.slowStore(address, 2, value);
  }

  store8(address: number, value: number): void {
    const offset = address - sramBase;
    if (offset >= 0 && offset < sramBytes) {
      this.prepareStore(offset);
      this.sram8[offset] = value;
    } else this.slowStore(address, 1, value);
  }

  /**
   * The word at an address of a device, as a debugger on this core reads it: the device notices.
   * Undefined where nothing is.
   */
  inspectDevice(address: number): number | undefined {
    return this.isMapped(address) ? this.loadWord(address) : undefined;
  }

  /** The cycles that accesses have waited since the last call. */
  takeStall(): number {
    const { stall } = this;
    this.stall = 0;
    return stall;
  }

  private accessFlash(address: number): void {
    this.flashAccesses++;
    this.stall += this.devices.xip.touch(address);
  }

  private prepareStore(offset: number): void {
    this.sramAccesses += 1 - (offset >>> stripedBits);
    if (this.devices.holdsCode(offset)) this.devices.onCodeChange(offset);
  }

  /** Adds accesses of translated code, which counts by itself. */
  count(sramAccesses: number, flashAccesses: number): void {
    this.sramAccesses += sramAccesses;
    if (flashAccesses === 0) return;
    this.flashAccesses += flashAccesses;
    this.devices.xip.count(flashAccesses);
  }

  private slowLoad(signedAddress: number, bytes: number): number {
    const address = signedAddress >>> 0;
    const word = this.loadWord(this.checkedAddress('read', address, bytes) & ~3);
    if (bytes === 4) return word | 0;
    const part = word >>> (8 * (address & 3));
    return bytes === 2 ? part & 0xffff : part & 0xff;
  }

  private loadWord(signedAddress: number): number {
    const address = signedAddress >>> 0;
    if (address >= sioBase && address < sioEnd) return this.sio.read(address - sioBase);
    if (address >= privateBase && address < privateEnd) {
      return this.devices.privatePeripherals().read(address - privateBase);
    }
    return this.chip.readUint32(address);
  }

  private slowStore(signedAddress: number, bytes: number, value: number): void {
    const address = signedAddress >>> 0;
    this.checkedAddress('write', address, bytes);
    if (address >= flashBase && address < flashEnd) return this.storeToFlash(address);
    // The boot ROM ignores stores; the USB library of the pico-sdk makes one, for endpoint 0.
    if (address < romBytes) return;
    if (this.storeToOwnDevice(address & ~3, bytes, value)) return;
    if (bytes === 4) this.chip.writeUint32(address, value >>> 0);
    else if (bytes === 2) this.chip.writeUint16(address, value & 0xffff);
    else this.chip.writeUint8(address, value & 0xff);
  }

  /**
   * False when the address is none of a device that a core has for itself. Their registers take
   * narrow stores as the bus makes them: the value in every part of the word.
   */
  private storeToOwnDevice(signedAddress: number, bytes: number, value: number): boolean {
    const address = signedAddress >>> 0;
    const word = () => {
      if (bytes === 4) return value >>> 0;
      const part = bytes === 2 ? value & 0xffff : Math.imul(value & 0xff, 0x101);
      return Math.imul(part, 0x10001) >>> 0;
    };
    if (address >= sioBase && address < sioEnd) {
      this.sio.write(address - sioBase, word());
    } else if (address >= privateBase && address < privateEnd) {
      this.devices.privatePeripherals().write(address - privateBase, word());
    } else return false;
    return true;
  }

  /** Only the boot ROM can program the flash; a store to its cached window makes the cache forget a line. */
  private storeToFlash(address: number): void {
    const { xip, xipControl } = this.devices;
    if (address < uncachedBase) xip.forget(address);
    else if (xipControl.badWriteFaults) {
      throw new ChipFault(`write to an uncached address of the flash, ${hex32(address)}`);
    }
  }

  /** The address, if it is aligned and something is there. */
  private checkedAddress(access: string, address: number, bytes: number): number {
    if (address % bytes !== 0) {
      throw new ChipFault(`unaligned ${access} of ${bytes} bytes at ${hex32(address)}`);
    }
    if (this.isMapped(address)) return address;
    throw new ChipFault(`${access} where there is no memory, at ${hex32(address)}`);
  }

  private isMapped(address: number): boolean {
    return (
      address < romBytes ||
      (address >= flashBase && address < flashEnd) ||
      this.isOutlying(address) ||
      (address >= sioBase && address < sioEnd) ||
      (address >= privateBase && address < privateEnd) ||
      (address >= usbMemory.base && address < usbMemory.end) ||
      (this.chip.findPeripheral(address) as unknown) !== undefined
    );
  }

  /** Memory that programs rarely use: the banks of SRAM one by one, and the flash cache's. */
  private isOutlying(address: number): boolean {
    return stripedAddress(address) !== undefined || this.devices.xipControl.servesAsSram(address);
  }
}
