/**
 * `npm run calibrate`: builds the firmware, lets the virtual Pico measure models of many shapes,
 * fits the cycle model to what it measured, and writes src/core/estimate/calibration.json.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workPerToken, type Work } from '../../src/core/estimate/cycles';
import type { Architecture } from '../../src/core/model/config';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { packageRoot } from '../../src/node/assets';
import { bench, waitForHello } from '../../src/node/board/session';
import { boardWithImage, buildAnyModel, buildShared } from '../support/firmware';
import { untrainedImage } from './untrained-image';

type Shape = ModelFile['architecture'];

const base = { vocab_size: 258, dim: 32, hidden_dim: 64, n_layers: 1, n_heads: 4, max_seq_len: 64 };

/** Shapes that vary one thing each, and a few whole ones. */
const shapes: Shape[] = [
  base,
  { ...base, vocab_size: 1024 },
  { ...base, dim: 8 },
  { ...base, dim: 96, head_dim: 8 },
  { ...base, hidden_dim: 300 },
  { ...base, n_layers: 4 },
  { ...base, n_heads: 1 },
  { ...base, n_heads: 16, head_dim: 4 },
  { ...base, n_heads: 8, n_kv_heads: 1 },
  { ...base, head_dim: 24 },
  { ...base, activation: 'relu' },
  { ...base, activation: 'relu2', gated: false },
  { ...base, activation: 'gelu', hidden_dim: 200 },
  { ...base, gated: false, hidden_dim: 200 },
  { ...base, max_seq_len: 300 },
  { ...base, dim: 2, hidden_dim: 128, n_heads: 8, head_dim: 2, position: 'none' },
  { ...base, vocab_size: 512, dim: 64, hidden_dim: 172, n_layers: 2, n_heads: 8, n_kv_heads: 4 },
  { ...base, vocab_size: 2048, dim: 48, hidden_dim: 128, n_layers: 1, max_seq_len: 128 },
  { ...base, dim: 8, hidden_dim: 192, n_layers: 2, max_seq_len: 48 },
];

interface Sample {
  work: number[];
  cycles: number;
}

/** What a forward pass consists of; the sampler is measured by itself. */
const kinds = (Object.keys(workPerToken(architectureOf(base), 1)) as (keyof Work)[]).filter(
  (kind) => kind !== 'sampled_logits',
);

function architectureOf(shape: Shape): Architecture {
  return withDefaults({ version: 1, architecture: shape }, 'calibration').architecture;
}

/** Cycles of whole tokens, and those of the sampler a logit. */
async function measure(
  uf2: Uint8Array,
  architecture: Architecture,
): Promise<{ samples: Sample[]; sampler: number }> {
  const board = boardWithImage(uf2, untrainedImage(architecture));
  await board.open();
  try {
    await waitForHello(board);
    const samples: Sample[] = [];
    let sampler = 0;
    for (const { context, logits, cycles } of await bench(board)) {
      if (typeof logits === 'number') sampler = Number(cycles) / logits;
      if (typeof context !== 'number') continue;
      const work = workPerToken(architecture, context);
      samples.push({ work: kinds.map((kind) => work[kind]), cycles: Number(cycles) });
    }
    return { samples, sampler };
  } finally {
    await board.close();
  }
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/**
 * Least squares of the relative errors with coefficients of at least 0, by coordinate descent: no
 * kind of work takes less than no time.
 */
function fit(samples: readonly Sample[]): number[] {
  const rows = samples.map(({ work, cycles }) => work.map((amount) => amount / cycles));
  const coefficients = kinds.map(() => 0);
  for (let round = 0; round < 200_000; round++) {
    const kind = round % kinds.length;
    let along = 0;
    let square = 0;
    for (const row of rows) {
      const amount = row[kind] ?? 0;
      const others = dot(row, coefficients) - amount * (coefficients[kind] ?? 0);
      along += amount * (1 - others);
      square += amount * amount;
    }
    coefficients[kind] = square === 0 ? 0 : Math.max(0, along / square);
  }
  return coefficients;
}

async function calibrate(): Promise<void> {
  const uf2 = await buildAnyModel();
  const samples: Sample[] = [];
  const samplers: number[] = [];
  for (const shape of shapes) {
    const measured = await measure(uf2, architectureOf(shape));
    samples.push(...measured.samples);
    samplers.push(measured.sampler);
    process.stderr.write(`measured ${JSON.stringify(shape)}\n`);
  }
  const coefficients = fit(samples);
  const sampler = samplers.reduce((sum, cycles) => sum + cycles, 0) / samplers.length;
  const errors = samples.map(({ work, cycles }) => dot(work, coefficients) / cycles - 1);
  const { sizes } = await buildShared(untrainedImage(architectureOf(base)), {
    arenaBytes: 4096,
    weightsBytes: 4096,
  });
  const { code, program, stack } = sizes.sram;
  const calibration = {
    generator: 'npm run calibrate',
    sram: { code, program, stack },
    flash: { program: sizes.flash.program },
    cycles: Object.fromEntries(
      [
        ...kinds.map((kind, i) => [kind, coefficients[i] ?? 0] as const),
        ['sampled_logits', sampler] as const,
      ].map(([kind, cycles]) => [kind, Number(cycles.toPrecision(5))]),
    ),
  };
  const file = join(packageRoot(), 'src/core/estimate/calibration.json');
  writeFileSync(file, `${JSON.stringify(calibration, null, 2)}\n`);
  const worst = Math.max(...errors.map(Math.abs));
  const mean = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;
  process.stdout.write(
    `${JSON.stringify({ samples: samples.length, mean_error: mean, worst_error: worst, ...calibration })}\n`,
  );
}

calibrate().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
