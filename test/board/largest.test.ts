import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { estimateModel } from '../../src/core/estimate/estimate';
import { chip } from '../../src/core/chip';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { generate, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import { buildRun } from '../../src/node/run/build-run';
import { StarmindError } from '../../src/node/starmind-error';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import { untrainedRun } from '../support/untrained-run';

const missing = await ensureToolchain().then(
  () => undefined,
  (error: unknown) => (error instanceof StarmindError ? error.message : String(error)),
);
if (missing) console.log(`Skipped the largest models: ${missing}`);

const attention = { n_kv_heads: 2, head_dim: 16, max_seq_len: 128 };

/** The most parameters that SRAM holds beside a context of 128. */
const largest: [name: string, parameters: number, file: ModelFile][] = [
  [
    'ternary',
    700_000,
    {
      version: 1,
      architecture: {
        ...{ vocab_size: 1024, dim: 128, hidden_dim: 424, n_layers: 3, n_heads: 8 },
        ...attention,
        n_kv_heads: 1,
      },
      quantization: { weights: 'ternary' },
    },
  ],
  [
    'int4',
    380_000,
    {
      version: 1,
      architecture: {
        ...{ vocab_size: 512, dim: 96, hidden_dim: 304, n_layers: 3, n_heads: 6 },
        ...attention,
      },
      quantization: { weights: 'int4' },
    },
  ],
];

test.skipIf(missing).each(largest)(
  'a model of %s weights and more than %i parameters speaks from SRAM alone',
  async (_, parameters, file) => {
    const estimate = estimateModel(withDefaults(file, 'largest'));
    expect(estimate.parameters.total).toBeGreaterThanOrEqual(parameters);
    const run = await untrainedRun(file);
    const { uf2, sram } = await buildRun(run, {});
    expect(sram.linked).toBeLessThanOrEqual(chip.sramBytes);
    expect(sram.parts.weights?.linked).toBe(estimate.sram.parts.weights);
    const board = new VirtualBoard(await readFile(uf2));
    await board.open();
    try {
      const { memory } = await waitForHello(board);
      expect(memory.weights).toBe(estimate.sram.parts.weights);
      const request = { prompt: '', tokens: 8, seed: 3, temperature: 1 };
      const done = await generate(board, request, () => undefined);
      expect(done.tokens + Number(done.reason === 'end-of-text')).toBeGreaterThan(1);
    } finally {
      await board.close();
    }
  },
  300_000,
);
