/**
 * `npm run calibrate`: measures models of many shapes on the virtual Pico, fits the cycle model to
 * the measurements, and writes src/core/estimate/calibration.json. Prints the error on the shapes
 * of the fit, and on others that took no part in it: the latter is the error to state.
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
import { dot, fitted } from '../support/least-squares';
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
  { ...base, dim: 20, hidden_dim: 50, head_dim: 5, n_kv_heads: 2 },
  { ...base, vocab_size: 64, dim: 12, hidden_dim: 21, n_heads: 3, head_dim: 7 },
  { ...base, vocab_size: 64, dim: 16, hidden_dim: 33, n_layers: 2, gated: false },
  { ...base, dim: 80, n_layers: 3, norm: 'layernorm', hidden_dim: 40 },
];

/** Models that the fit never sees: every preset and goal that fits SRAM, and the golden models. */
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
  context: number;
  work: number[];
  cycles: number;
}

function configOf(architecture: Shape, name = 'calibration'): ModelConfig {
  return withDefaults({ version: 1, architecture }, name);
}

const samplerKinds = ['sampled_logits', 'samplings'] as const;

/** Kinds of work of a forward pass; the sampler is measured by itself. */
const kinds = (Object.keys(workPerToken(configOf(base).architecture, 1)) as (keyof Work)[]).filter(
  (kind) => !samplerKinds.some((other) => other === kind),
);

/** The fit is that of one core; the cycle model divides what two cores share. */
async function measure(config: ModelConfig): Promise<MeasuredModel> {
  const measured = await measureModel({ ...config, target: { ...config.target, cores: 1 } });
  process.stderr.write(
    `${JSON.stringify({ ...config.architecture, name: config.name, weights: config.target.weights, ...measured })}\n`,
  );
  return measured;
}

/** Without the first token, which finds the cache of the flash empty. */
function samplesOf({ architecture }: ModelConfig, { tokens }: MeasuredModel): Sample[] {
  return tokens.slice(1).map(({ context, cycles }) => {
    const work = workPerToken(architecture, context);
    return { context, work: kinds.map((kind) => work[kind]), cycles };
  });
}

function samplerSample({ architecture }: ModelConfig, { sampling }: MeasuredModel): Sample {
  const work = workPerToken(architecture, 1);
  return { context: 1, work: samplerKinds.map((kind) => work[kind]), cycles: sampling };
}

interface Cycles {
  forward: readonly number[];
  sampler: readonly number[];
}

/** Estimated over measured cycles of whole tokens, less one: each context, sampling included. */
async function errorsOn(models: readonly ModelConfig[], { forward, sampler }: Cycles) {
  const errors: { name: string; context: number; error: number }[] = [];
  for (const config of models) {
    const measured = await measure(config);
    const more = dot(samplerSample(config, measured).work, sampler) + flashWaits(config);
    for (const { context, work, cycles } of samplesOf(config, measured)) {
      const error = (dot(work, forward) + more) / (cycles + measured.sampling) - 1;
      errors.push({ name: config.name, context, error });
    }
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
  const samplers: Sample[] = [];
  for (const shape of shapes) {
    const config = configOf(shape);
    const measured = await measure(config);
    samples.push(...samplesOf(config, measured));
    samplers.push(samplerSample(config, measured));
  }
  const rounded = (cycles: readonly number[]) => cycles.map((each) => Number(each.toPrecision(5)));
  const cycles = { forward: rounded(fitted(samples)), sampler: rounded(fitted(samplers)) };
  const buffers = { arenaBytes: 4096, weightsBytes: 4096 };
  const { sizes } = await buildShared(untrainedImage(configOf(base).architecture), buffers, 2);
  const { code, program, stack } = sizes.sram;
  const named = (names: readonly string[], values: readonly number[]) =>
    names.map((name, index) => [name, values[index] ?? 0] as const);
  const calibration = {
    generator: 'npm run calibrate',
    sram: { code, program, stack },
    flash: { program: sizes.flash.program },
    cycles: Object.fromEntries([
      ...named(kinds, cycles.forward),
      ...named(samplerKinds, cycles.sampler),
    ]),
  };
  const file = join(packageRoot(), 'src/core/estimate/calibration.json');
  writeFileSync(file, `${JSON.stringify(calibration, null, 2)}\n`);
  const onFit = samples.map(({ work, cycles: measured }) => ({
    error: dot(work, cycles.forward) / measured - 1,
  }));
  const result = {
    fitted: { shapes: shapes.length, ...summary(onFit) },
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
