import { readFile } from 'node:fs/promises';
import { chip } from '../../core/chip';
import calibration from '../../core/estimate/calibration.json';
import { buildFirmware, type BuildOptions } from './build-firmware';

/** Bytes that the program for any model may need beyond that of one model. */
const spare = 2048;

/**
 * SRAM for weights and arena in the program for any model, in bytes: the striped banks, less the
 * program's own needs.
 */
export const anyModelPool =
  chip.stripedBytes - calibration.sram.code - calibration.sram.program - spare;

/** Build settings of that program, whatever model.json sets. */
const defaults = { clockMhz: 200, cores: 2 } as const;

/**
 * Builds the program for any model, without an image: the flasher puts the image in its own place.
 * Returns the UF2.
 *
 * @throws StarmindError as buildFirmware does
 */
export async function buildAnyModelProgram(options: BuildOptions): Promise<Uint8Array> {
  const image = new Uint8Array(256).fill(0xff);
  const buffers = { poolBytes: anyModelPool };
  const { uf2 } = await buildFirmware({ ...defaults, image, buffers }, options);
  return readFile(uf2);
}
