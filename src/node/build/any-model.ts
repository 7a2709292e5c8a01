import { readFile } from 'node:fs/promises';
import { buildFirmware, type BuildOptions } from './build-firmware';

/**
 * SRAM for weights and arena in the program that takes any model, in bytes: the striped banks, less
 * what the program itself needs (see src/core/estimate/calibration.json) and a little to grow.
 */
export const anyModelPool = 242_000;

/** The clock and the sampling that the program starts with; requests name their own sampling. */
const defaults = { clockMhz: 125, sampling: { temperature: 0.8, top_k: 0, top_p: 0.95 } };

/**
 * Builds the program that takes any model, without one: the image that belongs to it is flashed to
 * its own place. Returns the UF2.
 *
 * @throws StarmindError as buildFirmware does
 */
export async function buildAnyModelProgram(options: BuildOptions): Promise<Uint8Array> {
  const image = new Uint8Array(256).fill(0xff);
  const buffers = { poolBytes: anyModelPool };
  const { uf2 } = await buildFirmware({ ...defaults, image, buffers }, options);
  return readFile(uf2);
}
