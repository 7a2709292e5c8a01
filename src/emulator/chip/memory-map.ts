import { chip } from '../../core/chip';
import { sramBytes } from './address-map';

/**
 * Where things are in the memory of WebAssembly that backs a chip: its SRAM and flash, and what
 * translated code reads and writes beside them. Addresses and sizes are bytes.
 */
export const memoryMap = {
  /** State of core 0; that of core 1 follows. Fields: see `coreField`. */
  cores: 0,
  /** Entries of the flash cache: two ways of each set. */
  cacheEntries: 0x1000,
  /** The way of each set that is replaced next, a byte each. */
  cacheVictims: 0x3000,
  /** Accesses that waited for the flash chip, as a double. */
  cacheMisses: 0x3400,
  /** 0 while the flash cache is switched on, else what makes any address one of an uncached window. */
  cacheBypass: 0x3408,
  /** Which units of SRAM hold translated code, a byte each. */
  code: 0x4000,
  sram: 0x10000,
  /** For each half-word of SRAM, then of flash, the descriptor of the block that begins there. */
  sramBlocks: 0x80000,
  flashBlocks: 0x200000,
  /** What is known of each translated block: see `blockField`. */
  descriptors: 0x600000,
  descriptorsEnd: 0x1000000,
  flash: 0x1000000,
  end: 0x2000000,
} as const;

/** Bytes of a core's state. */
export const coreBytes = 0x100;

/**
 * Offsets in a core's state. Of the flags, N and V are the signs of their words, Z is set when its
 * word is 0, and C is 0 or 1.
 */
export const coreField = {
  registers: 0,
  programCounter: 60,
  negative: 64,
  zero: 68,
  carry: 72,
  overflow: 76,
  /** Where execution goes on unless it branches. */
  sequential: 80,
  /** Accesses to the banks of SRAM, and to the flash, that are not added up yet. */
  sramAccesses: 84,
  flashAccesses: 88,
  /** Why translated code was left: see `refusal` of the runtime. */
  refused: 92,
  /** What was loaded from elsewhere than SRAM. */
  value: 96,
  /** Cycles since turns began. */
  time: 100,
  /** PRIMASK, 0 or 1. */
  masked: 104,
  /** Its interpolators, with the offsets that their registers have in SIO. */
  interpolators: 0x80,
} as const;

export const blockField = { function: 0, index: 4, mostCycles: 8 } as const;
/** Bytes of a block's descriptor. */
export const descriptorBytes = 16;

const pageBytes = 65536;
export const memoryPages = memoryMap.end / pageBytes;

/** The memory of a chip, which it keeps over restarts, and views of it. */
export class ChipMemory {
  readonly memory = new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages });
  readonly words = new Int32Array(this.memory.buffer);
  readonly doubles = new Float64Array(this.memory.buffer);
  readonly bytes = new Uint8Array(this.memory.buffer);
  readonly sram = this.bytes.subarray(memoryMap.sram, memoryMap.sram + sramBytes);
  /** As much as its window in the chip's address space holds. */
  readonly flash = this.bytes.subarray(memoryMap.flash, memoryMap.end);

  constructor() {
    this.flash.fill(0xff);
  }

  /** Everything but the flash, and SRAM if it is to stay, is as after power-on. */
  restart(keepsSram: boolean): void {
    this.bytes.fill(0, 0, memoryMap.sram);
    this.bytes.fill(0, memoryMap.sramBlocks, memoryMap.descriptors);
    if (!keepsSram) this.sram.fill(0);
  }
}

/** Bytes of flash in which code may be translated. */
export const translatedFlashBytes = chip.flashBytes;
