import { chip } from '../../core/chip';
import type { BootloaderCause } from '../machine-event';
import type { Core } from '../thumb/core';
import { initialStack } from './image';

/** What booting needs beside the core. */
export interface BootHost {
  readonly flash: Uint8Array;
  /** Scratch registers of the watchdog, which survive its reset. */
  watchdogScratch(): Uint32Array;
  /** The chip becomes a USB drive; the program does not go on. */
  enterBootloader(cause: BootloaderCause): void;
}

/** Bytes of the second-stage boot loader; the last four are its checksum. */
export const { bootStageBytes } = chip;

/** Of flash that nothing was written to. */
const erased = 0xff;

const watchdogMagic = 0xb007c0d3;
/** The first of the four scratch registers that hold a vector. */
const vectorScratch = 4;
/** Cycles of the real ROM until the program starts, roughly: it reads and checks one page. */
const bootCycles = 6000;

/**
 * CRC-32 of the boot stage as the ROM checks it: polynomial 0x04c11db7, most significant bit
 * first, no final inversion (RP2040 datasheet, 2.8.1.3.1).
 */
export function bootChecksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

/**
 * Decides as the real ROM does after a reset: a boot vector that the program left in the watchdog,
 * else the boot stage in flash, else the boot loader. Returns the cycles.
 */
export function startProgram(core: Core, host: BootHost): number {
  const vector = takeWatchdogVector(host.watchdogScratch());
  if (vector) {
    core.SP = vector.stack;
    core.branchExchange(vector.entry | 1);
    return bootCycles;
  }
  const stage = host.flash.subarray(0, bootStageBytes);
  const checked = stage.subarray(0, bootStageBytes - 4);
  const checksum = new DataView(stage.buffer, stage.byteOffset).getUint32(checked.length, true);
  if (bootChecksum(checked) !== checksum) {
    host.enterBootloader(stage.every((byte) => byte === erased) ? 'empty-flash' : 'bad-checksum');
    return bootCycles;
  }
  stage.forEach((byte, at) => core.bus.store8(initialStack + at, byte));
  core.LR = 0;
  core.branchExchange(initialStack | 1);
  return bootCycles;
}

/** Where a program begins that is not the one in flash. */
export interface BootVector {
  stack: number;
  entry: number;
}

/** Leaves a vector in the watchdog's memory, by which the ROM starts a program after a reset. */
export function leaveVector(scratch: Uint32Array, { stack, entry }: BootVector): void {
  scratch.set([watchdogMagic, entry ^ -watchdogMagic, stack, entry], vectorScratch);
}

/** Serves once: the vector is cleared, so that the next reset boots from flash again. */
function takeWatchdogVector(scratch: Uint32Array): BootVector | undefined {
  const [magic = 0, check = 0, stack = 0, entry = 0] = scratch.subarray(vectorScratch);
  if (magic !== watchdogMagic || check !== (entry ^ -watchdogMagic) >>> 0) return undefined;
  scratch[vectorScratch] = 0;
  return { stack, entry };
}
