import { join } from 'node:path';
import { arenaBytes } from '../../src/core/estimate/arena';
import { sectionBytes } from '../../src/core/export/layout';
import { withDefaults } from '../../src/core/model/defaults';
import { packageRoot } from '../../src/node/assets';
import { buildFirmware } from '../../src/node/build/build-firmware';
import { loadElf } from '../../src/node/build/read-elf';
import type { FlashPart } from '../../src/emulator/machine';
import { untrainedImage } from '../../src/node/run/untrained-image';

/** Small enough for two arenas beside the weights. */
const config = withDefaults(
  {
    version: 1,
    architecture: {
      vocab_size: 512,
      dim: 64,
      hidden_dim: 172,
      n_layers: 2,
      n_heads: 8,
      n_kv_heads: 4,
      max_seq_len: 64,
    },
  },
  'two cores',
);

/** Builds test/firmware, whose program keeps both cores busy. */
export async function buildTwoCores(): Promise<{ elf: string; flash: FlashPart[] }> {
  const folder = join(packageRoot(), 'out', 'two-cores');
  const { elf } = await buildFirmware(
    {
      image: untrainedImage(config.architecture),
      buffers: {
        arenaBytes: arenaBytes(config).total,
        weightsBytes: sectionBytes(config, 'weights'),
      },
      clockMhz: config.target.clock_mhz,
      cores: 1,
    },
    { board: 'pico', outFolder: folder, source: join(packageRoot(), 'test', 'firmware') },
  );
  return { elf, flash: await flashOfElf(elf) };
}

/** The contents of the flash that a linked program has. */
export async function flashOfElf(elf: string): Promise<FlashPart[]> {
  const { segments } = await loadElf(elf);
  return segments.map(({ address, data }) => ({ offset: address - 0x10000000, data }));
}
