import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chip } from '../../src/core/estimate/chip';
import { linkedSizes, type LinkedSizes } from '../../src/core/estimate/linked';
import { packageRoot } from '../../src/node/assets';
import { VirtualBoard } from '../../src/node/board/virtual-board';
import { buildFirmware } from '../../src/node/build/build-firmware';
import type { FirmwareInput } from '../../src/node/build/model-folder';
import { loadElf } from '../../src/node/build/read-elf';

const sampling = { temperature: 0.8, top_k: 0, top_p: 0.95 };

/** Sizes of the program that takes any model: most of the SRAM. */
const anyModel = { weightsBytes: 140_000, arenaBytes: 100_000, clockMhz: 125, sampling };

/** Builds firmware in a folder that all tests share, so that the SDK is compiled once. */
export async function buildShared(input: Omit<FirmwareInput, 'sampling' | 'clockMhz'>) {
  const folder = join(packageRoot(), 'out', 'firmware');
  const firmware = await buildFirmware(
    { ...anyModel, ...input },
    { board: 'pico', outFolder: folder, cmakeFolder: join(folder, 'cmake') },
  );
  const sizes: LinkedSizes = linkedSizes(await loadElf(firmware.elf));
  return { uf2: await readFile(firmware.uf2), sizes };
}

/** Builds the program that takes any model; its own image is only a placeholder. */
export async function buildAnyModel(): Promise<Uint8Array> {
  const { uf2 } = await buildShared({ ...anyModel, image: new Uint8Array(256).fill(0xff) });
  return uf2;
}

/** A virtual board with that program and an image where the model belongs. */
export function boardWithImage(uf2: Uint8Array, image: Uint8Array): VirtualBoard {
  return new VirtualBoard(uf2, { flash: [{ offset: chip.modelFlashOffset, data: image }] });
}
