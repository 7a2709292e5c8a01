import { readFile } from 'node:fs/promises';
import { chip } from '../../core/chip';
import { align4 } from '../../core/export/layout';
import calibration from '../../core/estimate/calibration.json';
import { buildFirmware, type BuildOptions } from './build-firmware';
import type { FirmwareInput } from './model-folder';

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
 * @param streams whether it runs models that stream matrices, for which its pool is smaller
 * @throws StarmindError as buildFirmware does
 */
export async function buildAnyModelProgram(
  options: BuildOptions,
  streams = false,
  settings: Pick<FirmwareInput, 'clockMhz' | 'cores'> = defaults,
): Promise<Uint8Array> {
  const image = new Uint8Array(256).fill(0xff);
  const buffers = { poolBytes: anyModelPool - (streams ? align4(calibration.sram.streaming) : 0) };
  const { uf2 } = await buildFirmware({ ...settings, image, buffers, streams }, options);
  return readFile(uf2);
}
