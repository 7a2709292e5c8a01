import { readFile } from 'node:fs/promises';
import { buildFirmware, type BuildOptions } from './build-firmware';

/**
 * SRAM for weights and arena in the program for any model, in bytes: the striped banks, less the
 * program's own needs (see src/core/estimate/calibration.json) and a little to grow.
 */
export const anyModelPool = 236_000;

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
