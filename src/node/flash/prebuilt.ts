import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { readImageHeader } from '../../core/export/image-header';
import { programWithModel } from '../../core/export/model-uf2';
import { readUf2 } from '../../core/export/uf2';
import { assetPath } from '../assets';
import { anyModelPool } from '../build/any-model';
import { uf2Invalid } from './flash-errors';
import type { WantedFirmware } from './plan';

/** Board of the pico-sdk that the program is built for. */
const prebuiltBoard = 'pico';

/**
 * Joins an image with the program that comes with the packaged extension and runs any model.
 *
 * @param file path of that program
 * @returns undefined when it is missing, or cannot run the model
 */
export async function prebuiltWith(
  image: Uint8Array,
  { board = prebuiltBoard, arenaBytes }: WantedFirmware,
  file = assetPath('firmware/program.uf2'),
): Promise<Uint8Array | undefined> {
  if ((readImageHeader(image)?.streamBytes ?? 0) > 0) return undefined;
  // Weights that its pool does not hold stay in flash.
  if (board !== prebuiltBoard || arenaBytes > anyModelPool || !existsSync(file)) return undefined;
  const { value, problems } = readUf2(await readFile(file));
  if (!value) throw uf2Invalid(problems);
  return programWithModel(value, image);
}
