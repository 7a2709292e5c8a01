import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chip } from '../../src/core/chip';
import calibration from '../../src/core/estimate/calibration.json';
import { roundUp } from '../../src/core/estimate/engine-sizes';
import { linkedSizes, type LinkedSizes } from '../../src/core/estimate/linked';
import { packageRoot } from '../../src/node/assets';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import { buildFirmware } from '../../src/node/build/build-firmware';
import { anyModelPool } from '../../src/node/build/any-model';
import type { Buffers } from '../../src/node/build/model-folder';
import { loadElf } from '../../src/node/build/read-elf';

/** Tests that run at the same time have a number of their own each. */
const worker = process.env.VITEST_POOL_ID ?? '0';

export async function buildShared(
  image: Uint8Array,
  buffers: Buffers,
  cores: 1 | 2,
  clockMhz = 200,
  streams?: boolean,
) {
  const folder = join(packageRoot(), 'out', 'firmware', worker);
  const firmware = await buildFirmware(
    { image, buffers, clockMhz, cores, ...(streams !== undefined && { streams }) },
    { board: 'pico', outFolder: folder },
  );
  const sizes: LinkedSizes = linkedSizes(await loadElf(firmware.elf));
  return { uf2: await readFile(firmware.uf2), sizes };
}

/** Builds the program for any model; its own image is only a placeholder. */
export async function buildAnyModel(cores: 1 | 2 = 2, clockMhz?: number): Promise<Uint8Array> {
  const placeholder = new Uint8Array(256).fill(0xff);
  const { uf2 } = await buildShared(placeholder, { poolBytes: anyModelPool }, cores, clockMhz);
  return uf2;
}

/** The same for models that stream matrices. */
export async function buildAnyStreaming(cores: 1 | 2): Promise<Uint8Array> {
  const placeholder = new Uint8Array(256).fill(0xff);
  const poolBytes = anyModelPool - roundUp(calibration.sram.streaming, 4);
  const { uf2 } = await buildShared(placeholder, { poolBytes }, cores, undefined, true);
  return uf2;
}

/** A virtual board with that program and an image where the model belongs. */
export function boardWithImage(uf2: Uint8Array, image: Uint8Array): VirtualBoard {
  return new VirtualBoard(uf2, { flash: [{ offset: chip.modelFlashOffset, data: image }] });
}
