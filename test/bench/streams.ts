/**
 * `node test/bench/run.mjs streams [-- --write]`: models larger than SRAM on the virtual Pico, whose
 * matrices come from flash by DMA or through its cache: cycles of a token, beside those that the
 * flash and the cores would take alone. Emulated, with the SSI's own arithmetic for the flash;
 * on silicon nobody has measured it. Prints JSON; --write puts the table into docs/benchmarks.md.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cyclesPerToken } from '../../src/core/estimate/cycles';
import { arenaBytes } from '../../src/core/estimate/arena';
import { estimateModel, residentWeights } from '../../src/core/estimate/estimate';
import { placed } from '../../src/core/estimate/placement';
import { sectionBytes } from '../../src/core/export/layout';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import type { ModelConfig } from '../../src/core/model/config';
import { grouped } from '../../src/core/text';
import { generate, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import { buildFirmware } from '../../src/node/build/build-firmware';
import { untrainedImage } from '../../src/node/run/untrained-image';
import { markdownTable, writeSection } from '../support/docs-section';

const models: Record<string, ModelFile> = {
  '3 million int4': {
    version: 1,
    architecture: {
      ...{ vocab_size: 1024, dim: 256, hidden_dim: 688, n_layers: 4, n_heads: 8, n_kv_heads: 2 },
      max_seq_len: 256,
    },
    quantization: { weights: 'int4' },
  },
  '6 million ternary': {
    version: 1,
    architecture: {
      ...{ vocab_size: 1024, dim: 384, hidden_dim: 1408, n_layers: 3, n_heads: 12, n_kv_heads: 2 },
      max_seq_len: 256,
    },
    quantization: { weights: 'ternary' },
  },
};
const tokens = 12;
/** 8 clocks of the flash, of two cycles each, for a word of 4 bytes. */
const cyclesPerByte = 4;

interface Row {
  model: string;
  weights: 'stream' | 'flash';
  parameters: number;
  streamed_bytes: number;
  cycles_per_token: number;
  estimated_cycles: number;
  /** Cycles of the streamed bytes, by the arithmetic of the SSI. */
  flash_alone: number;
  /** Cycles without waits, by the cost model. */
  cores_alone: number;
  tokens_per_second: number;
}

async function measure(model: string, config: ModelConfig): Promise<Row> {
  const placement = placed(config);
  const { architecture, quantization, target } = config;
  const folder = await mkdtemp(join(tmpdir(), 'starmind-streams-'));
  try {
    const buffers = {
      arenaBytes: arenaBytes(placement).total,
      weightsBytes: residentWeights(config),
    };
    const image = untrainedImage(architecture, quantization, placement.streamed);
    const { uf2 } = await buildFirmware(
      { image, buffers, clockMhz: target.clock_mhz, cores: target.cores },
      { board: target.board, outFolder: folder },
    );
    const board = new VirtualBoard(await readFile(uf2));
    await board.open();
    try {
      await waitForHello(board);
      const request = { prompt: '', tokens, seed: 1, temperature: 1 };
      const done = await generate(board, request, () => undefined);
      const estimate = estimateModel(config);
      const { parts, total } = cyclesPerToken(config, tokens / 2);
      return {
        model,
        weights: target.weights as Row['weights'],
        parameters: estimate.parameters.total,
        streamed_bytes: sectionBytes(placement, 'stream'),
        cycles_per_token: done.cycles_per_token,
        estimated_cycles: estimate.speed.cycles_per_token,
        flash_alone: sectionBytes(placement, 'stream') * cyclesPerByte,
        cores_alone: Math.round(total - parts.flash_waits),
        tokens_per_second: Math.round((target.clock_mhz * 1e7) / done.cycles_per_token) / 10,
      };
    } finally {
      await board.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const rows: Row[] = [];
  for (const [name, file] of Object.entries(models)) {
    for (const weights of ['stream', 'flash'] as const) {
      process.stderr.write(`${name}, ${weights}\n`);
      rows.push(await measure(name, withDefaults({ ...file, target: { weights } }, name)));
    }
  }
  process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  if (!process.argv.includes('--write')) return;
  const cells = rows.map((row) => [
    row.model,
    row.weights === 'stream' ? 'streamed' : 'through the cache',
    grouped(row.parameters),
    grouped(row.streamed_bytes),
    grouped(row.cycles_per_token),
    grouped(row.flash_alone),
    grouped(row.cores_alone),
    grouped(row.estimated_cycles),
    row.tokens_per_second,
  ]);
  const head = ['model', 'weights', 'parameters', 'streamed bytes', 'cycles a token'];
  await writeSection(
    'streams',
    markdownTable([...head, 'flash alone', 'cores alone', 'estimated', 'tokens/s'], cells),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
