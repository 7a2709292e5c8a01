/**
 * `npm run calibrate`: lets the virtual Pico measure models of many shapes, fits the cycle model to
 * what it measured, and writes src/core/estimate/calibration.json. Prints how far the model is from
 * the shapes that it was fitted to, and from others that took no part in the fit: that is the error
 * to state.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flashWaits, workPerToken, type Work } from '../../src/core/estimate/cycles';
import { fitsChip } from '../../src/core/estimate/estimate';
import type { ModelConfig } from '../../src/core/model/config';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { findPreset, presets } from '../../src/core/model/presets';
import { goals } from '../../src/core/search/goals';
import { packageRoot } from '../../src/node/assets';
import { goldenModels } from '../golden/models';
import { buildShared } from '../support/firmware';
import { measureModel, type MeasuredModel } from '../support/measure-model';
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
  { ...base, norm: 'layernorm' },
  { ...base, dim: 80, n_layers: 3, norm: 'layernorm', hidden_dim: 40 },
];

/** What the fit never sees: every preset and goal that fits SRAM, and the golden models. */
function heldOutModels(): ModelConfig[] {
  const files = [...presets, ...goals.map(({ name, file }) => ({ name, file: file() }))];
  return [
    ...files.map(({ name, file }) => withDefaults(file, name)).filter((config) => fitsChip(config)),
    ...goldenModels.map(({ name, architecture }) => configOf(architecture, name)),
  ];
}

/** Weights read through the cache, whose waits are not fitted but reckoned. */
function modelsInFlash(): ModelConfig[] {
  return ['story-260k', 'demo'].map((name) =>
    withDefaults({ ...findPreset(name)!.file, target: { weights: 'flash' } }, name),
  );
}

interface Sample {
  work: number[];
  cycles: number;
}

function configOf(architecture: Shape, name = 'calibration'): ModelConfig {
  return withDefaults({ version: 1, architecture }, name);
}

/** What a forward pass consists of; the sampler is measured by itself. */
const kinds = (Object.keys(workPerToken(configOf(base).architecture, 1)) as (keyof Work)[]).filter(
  (kind) => kind !== 'sampled_logits',
);

async function measure(config: ModelConfig): Promise<MeasuredModel> {
  const measured = await measureModel(config);
  process.stderr.write(
    `${JSON.stringify({ ...config.architecture, name: config.name, weights: config.target.weights, ...measured })}\n`,
  );
  return measured;
}

function samplesOf({ architecture }: ModelConfig, { tokens }: MeasuredModel): Sample[] {
  return tokens.map(({ context, cycles }) => {
    const work = workPerToken(architecture, context);
    return { work: kinds.map((kind) => work[kind]), cycles };
  });
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

interface Cycles {
  coefficients: readonly number[];
  /** A logit. */
  sampler: number;
}

/** Estimated over measured cycles of whole tokens, less one: each context, sampling included. */
async function errorsOn(models: readonly ModelConfig[], { coefficients, sampler }: Cycles) {
  const errors: { name: string; context: number; error: number }[] = [];
  for (const config of models) {
    const measured = await measure(config);
    const drawing = config.architecture.vocab_size * sampler;
    const waits = flashWaits(config);
    samplesOf(config, measured).forEach(({ work, cycles }, index) => {
      const estimated = dot(work, coefficients) + waits + drawing;
      const context = measured.tokens[index]?.context ?? 0;
      const error = estimated / (cycles + measured.sampling) - 1;
      errors.push({ name: config.name, context, error });
    });
  }
  return errors;
}

function summary(errors: readonly { error: number }[]) {
  const sizes = errors.map(({ error }) => Math.abs(error));
  const worst = Math.max(...sizes);
  return {
    measurements: errors.length,
    mean_error: sizes.reduce((sum, size) => sum + size, 0) / sizes.length,
    worst_error: worst,
    worst: errors[sizes.indexOf(worst)],
  };
}

async function calibrate(): Promise<void> {
  const samples: Sample[] = [];
  const samplers: number[] = [];
  for (const shape of shapes) {
    const config = configOf(shape);
    const measured = await measure(config);
    samples.push(...samplesOf(config, measured));
    samplers.push(measured.sampling / config.architecture.vocab_size);
  }
  const coefficients = fit(samples).map((cycles) => Number(cycles.toPrecision(5)));
  const mean = samplers.reduce((sum, cycles) => sum + cycles, 0) / samplers.length;
  const cycles = { coefficients, sampler: Number(mean.toPrecision(5)) };
  const { sizes } = await buildShared(untrainedImage(configOf(base).architecture), {
    arenaBytes: 4096,
    weightsBytes: 4096,
  });
  const { code, program, stack } = sizes.sram;
  const calibration = {
    generator: 'npm run calibrate',
    sram: { code, program, stack },
    flash: { program: sizes.flash.program },
    cycles: Object.fromEntries([
      ...kinds.map((kind, i) => [kind, coefficients[i] ?? 0] as const),
      ['sampled_logits', cycles.sampler] as const,
    ]),
  };
  const file = join(packageRoot(), 'src/core/estimate/calibration.json');
  writeFileSync(file, `${JSON.stringify(calibration, null, 2)}\n`);
  const fitted = samples.map(({ work, cycles: measured }) => ({
    error: dot(work, coefficients) / measured - 1,
  }));
  const result = {
    fitted: { shapes: shapes.length, ...summary(fitted) },
    held_out: summary(await errorsOn(heldOutModels(), cycles)),
    weights_in_flash: summary(await errorsOn(modelsInFlash(), cycles)),
    calibration,
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

calibrate().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
