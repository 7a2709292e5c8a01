import { chip } from '../../core/chip';
import { coreCount, grouped } from '../../core/text';
import { firmwareVersion, protocolVersion, type HelloRecord } from '../../core/wire/device-records';
import type { StarmindError } from '../starmind-error';
import { flashTooSmall } from './flash-errors';

/** A model, and the program that should run it. */
export interface WantedFirmware {
  /** Digest of the image in hexadecimal: weights, formats, tokenizer and sampling. */
  contentHash: string;
  /** Digest of the program's sources in hexadecimal. */
  program: string;
  /** Bytes of working memory that the engine needs for it. */
  arenaBytes: number;
  /** Bytes of weights that should be in SRAM; 0 leaves them in flash. */
  weightsBytes: number;
  /** Bytes of flash up to the end of the model. */
  flashBytes: number;
  /** The model streams matrices from flash. */
  streams?: boolean;
  /** Board of the pico-sdk, clock and cores; absent when the model is all that is known. */
  board?: string;
  clockMhz?: number;
  cores?: number;
}

/** Bytes of flash up to the end of a model's image. */
export function reachInFlash(image: Uint8Array): number {
  return chip.modelFlashOffset + image.length;
}

/** A board's hello, or why there is none. */
export type Seen =
  | { hello: HelloRecord }
  /** `barred`: why its port cannot be opened, where that is so: flashing needs it too. */
  | { unknown: string; barred?: StarmindError };

/** The parts to flash, and why. */
export interface FlashPlan {
  flash: 'program' | 'model' | 'nothing';
  /** A sentence. */
  reason: string;
}

/**
 * The least that puts a model on a board: the program stays when it can run the model.
 *
 * @param modelOnly keep the program if it can run the model at all, at whatever speed
 * @throws StarmindError `flash.too-small`
 */
export function planFlash(seen: Seen, wanted: WantedFirmware, modelOnly = false): FlashPlan {
  if ('unknown' in seen) return { flash: 'program', reason: seen.unknown };
  const { hello } = seen;
  const { flash_bytes = Infinity } = hello;
  if (flash_bytes < wanted.flashBytes) throw flashTooSmall(flash_bytes, wanted.flashBytes);
  const unfit = whyNewProgram(hello, wanted);
  const reason = modelOnly ? unfit : (unfit ?? whyOtherSpeed(hello, wanted));
  if (reason) return { flash: 'program', reason };
  if (hello.model === wanted.contentHash) {
    return { flash: 'nothing', reason: 'The board has this model and this firmware already.' };
  }
  return {
    flash: 'model',
    reason: hello.model
      ? 'The board runs this firmware with another model; the program stays.'
      : `The board runs this firmware without a model (${hello.image}); the program stays.`,
  };
}

/** Why the program on a board cannot run a model; undefined when it can. */
function whyNewProgram(hello: HelloRecord, wanted: WantedFirmware): string | undefined {
  const { arena = 0, weights = 0, pool } = hello.memory;
  if (hello.protocol !== protocolVersion) {
    return `The board speaks protocol ${hello.protocol}; this is protocol ${protocolVersion}.`;
  }
  if (hello.firmware !== firmwareVersion) {
    return `The board runs firmware ${hello.firmware}; this is ${firmwareVersion}.`;
  }
  if (hello.program !== wanted.program) {
    return 'The program on the board was built from other sources than those of this Starmind.';
  }
  if (wanted.streams && hello.streams !== 1) {
    return 'The program on the board cannot stream matrices from flash; the model does.';
  }
  if (wanted.board !== undefined && hello.board !== wanted.board) {
    return `The program on the board is for ${hello.board}; the model is for ${wanted.board}.`;
  }
  if (pool !== undefined) return whyOtherPool(pool, wanted);
  if (arena < wanted.arenaBytes) {
    return `The program on the board keeps ${grouped(arena)} bytes of working memory; the model needs ${grouped(wanted.arenaBytes)}.`;
  }
  if (weights < wanted.weightsBytes) {
    return `The program on the board keeps ${grouped(weights)} bytes for weights; the model has ${grouped(wanted.weightsBytes)}.`;
  }
  return undefined;
}

/** The program for any model has one pool for working memory and weights. */
function whyOtherPool(pool: number, wanted: WantedFirmware): string | undefined {
  const needed = wanted.arenaBytes + wanted.weightsBytes;
  if (needed <= pool) return undefined;
  return `The program on the board keeps ${grouped(pool)} bytes for a model; this one needs ${grouped(needed)}.`;
}

/** How fast the program runs, where model.json asks for another clock or another count of cores. */
function whyOtherSpeed(hello: HelloRecord, wanted: WantedFirmware): string | undefined {
  const { clockMhz, cores } = wanted;
  // The board reports whole megahertz.
  if (clockMhz !== undefined && Math.floor(clockMhz) !== hello.clock_mhz) {
    return `The program on the board runs at ${hello.clock_mhz} MHz; the model is for ${clockMhz} MHz.`;
  }
  if (cores !== undefined && cores !== hello.cores) {
    return `The program on the board computes on ${coreCount(hello.cores)}; the model is for ${coreCount(cores)}.`;
  }
  return undefined;
}
