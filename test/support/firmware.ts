import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chip } from '../../src/core/chip';
import { linkedSizes, type LinkedSizes } from '../../src/core/estimate/linked';
import { packageRoot } from '../../src/node/assets';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import { buildFirmware } from '../../src/node/build/build-firmware';
import { buildAnyModelProgram } from '../../src/node/build/any-model';
import type { Buffers } from '../../src/node/build/model-folder';
import { loadElf } from '../../src/node/build/read-elf';

/** Tests that run at the same time have a number of their own each. */
const worker = process.env.VITEST_POOL_ID ?? '0';

const sharedBuild = {
  board: 'pico',
  outFolder: join(packageRoot(), 'out', 'firmware', worker),
};

export async function buildShared(
  image: Uint8Array,
  buffers: Buffers,
  cores: 1 | 2,
  clockMhz = 200,
) {
  const firmware = await buildFirmware({ image, buffers, clockMhz, cores }, sharedBuild);
  const sizes: LinkedSizes = linkedSizes(await loadElf(firmware.elf));
  return { uf2: await readFile(firmware.uf2), sizes };
}

/** Builds the program for any model; its own image is only a placeholder. */
export async function buildAnyModel(cores: 1 | 2 = 2, clockMhz = 200): Promise<Uint8Array> {
  return buildAnyModelProgram(sharedBuild, false, { clockMhz, cores });
}

/** The same for models that stream matrices. */
export async function buildAnyStreaming(cores: 1 | 2): Promise<Uint8Array> {
  return buildAnyModelProgram(sharedBuild, true, { clockMhz: 200, cores });
}

/** A virtual board with that program and an image where the model belongs. */
export function boardWithImage(uf2: Uint8Array, image: Uint8Array): VirtualBoard {
  return new VirtualBoard(uf2, { flash: [{ offset: chip.modelFlashOffset, data: image }] });
}
