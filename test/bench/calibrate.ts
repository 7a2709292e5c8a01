/**
 * `npm run calibrate`: measures models of many shapes and formats on the virtual Pico, with one core
 * and with two, fits the cycle model to the measurements, and writes
 * src/core/estimate/calibration.json. Prints the error on the models of the fit; `accuracy` measures
 * it on others, and that is the error to state. With `--sizes` it measures the sizes of the program alone.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import known from '../../src/core/estimate/calibration.json';
import { flashWaits } from '../../src/core/estimate/cycles';
import { partsOfToken, workPerToken, type Work } from '../../src/core/estimate/work';
import type { ModelConfig, Quantization } from '../../src/core/model/config';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { weightFormats, type CacheFormat, type WeightFormat } from '../../src/core/model/formats';
import { findPreset } from '../../src/core/model/presets';
import { packageRoot } from '../../src/node/assets';
import { buildAnyModel, buildShared } from '../support/firmware';
import { dot, fitted } from '../support/least-squares';
import {
  fitsPool,
  measureInPool,
  measureModel,
  type MeasuredModel,
} from '../support/measure-model';
import { randomModels } from '../support/random-models';
import { untrainedImage } from '../../src/node/run/untrained-image';

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

/**
 * Weights read through the cache, whose waits are not fitted but reckoned: on one core, since the
 * virtual Pico lets two of them wait at the same time, which the one flash of a board does not.
 */
function modelsInFlash(): ModelConfig[] {
  return ['story-260k', 'demo'].map((name) =>
    withDefaults({ ...findPreset(name)!.file, target: { weights: 'flash', cores: 1 } }, name),
  );
}

/** Formats that the shapes take in turn, and random models besides: neither has all of them. */
const formats: Quantization[] = [
  ...weightFormats.map((weights) => quantization(weights, 'int8')),
  ...weightFormats.map((weights) => quantization(weights, 'int4')),
];
const randomCount = 40;
const randomSeed = 1;

function quantization(weights: WeightFormat, kv_cache: CacheFormat): Quantization {
  return { weights, tensors: {}, kv_cache, aware_share: 0 };
}

interface Sample {
  context: number;
  work: number[];
  cycles: number;
  whole?: number;
}

function configOf(architecture: Shape, formats: Quantization): ModelConfig {
  return withDefaults({ version: 1, architecture, quantization: formats }, 'calibration');
}

/** Models that the fit is made to, each with the cores that it is measured with. */
function fittedModels(cores: 1 | 2): ModelConfig[] {
  const turn = cores === 1 ? 0 : 3;
  const whole = shapes.flatMap((shape, index) => [
    configOf(shape, formats[(index + turn) % formats.length]!),
    configOf(shape, formats[(index + turn + 2) % formats.length]!),
  ]);
  return [...whole, ...randomModels(randomCount, randomSeed)]
    .map((config) => ({ ...config, target: { ...config.target, cores } }))
    .filter((config) => fitsPool(config));
}

const samplerKinds: readonly (keyof Work)[] = partsOfToken.sampling;

/** Kinds of work of a forward pass; the sampler is measured by itself. */
const kinds = Object.values(partsOfToken)
  .flat()
  .filter((kind) => !samplerKinds.includes(kind));

/** Without the first token, which finds the cache of the flash empty. */
function samplesOf(config: ModelConfig, { tokens }: MeasuredModel): Sample[] {
  return tokens.slice(1).map(({ context, cycles }) => {
    const work = workPerToken(config, context);
    return { context, work: kinds.map((kind) => work[kind]), cycles };
  });
}

/**
 * The sampler's time depends on how many tokens are near the likeliest one, which differs from model to
 * model: an error counts as a share of a whole token.
 */
function samplerSample(config: ModelConfig, { sampling, tokens }: MeasuredModel): Sample {
  const work = workPerToken(config, 1);
  const whole = sampling + (tokens[1]?.cycles ?? 0);
  return { context: 1, work: samplerKinds.map((kind) => work[kind]), cycles: sampling, whole };
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

interface Fit {
  shapes: number;
  cycles: Record<string, number>;
  errors: { error: number }[];
}

const rounded = (cycles: readonly number[]) => cycles.map((each) => Number(each.toPrecision(5)));

async function fit(cores: 1 | 2): Promise<Fit> {
  const samples: Sample[] = [];
  const samplers: Sample[] = [];
  const models = fittedModels(cores);
  const program = await buildAnyModel(cores);
  for (const config of models) {
    const measured = await measureInPool(config, program);
    process.stderr.write(`${JSON.stringify({ config, ...measured })}\n`);
    samples.push(...samplesOf(config, measured));
    samplers.push(samplerSample(config, measured));
  }
  const forward = rounded(fitted(samples));
  const sampler = rounded(fitted(samplers));
  const named = (names: readonly string[], values: readonly number[]) =>
    names.map((name, index) => [name, values[index] ?? 0] as const);
  return {
    shapes: models.length,
    cycles: Object.fromEntries([...named(kinds, forward), ...named(samplerKinds, sampler)]),
    errors: samples.map(({ work, cycles }) => ({ error: dot(work, forward) / cycles - 1 })),
  };
}

/** Errors of the waits for flash beside the fit. */
async function errorsInFlash({ cycles }: Fit) {
  const errors: { name: string; context: number; error: number }[] = [];
  for (const config of modelsInFlash()) {
    const measured = await measureModel(config);
    const per = kinds.map((kind) => cycles[kind] ?? 0);
    for (const { context, work, cycles: found } of samplesOf(config, measured)) {
      const error = (dot(work, per) + flashWaits(config)) / found - 1;
      errors.push({ name: config.name, context, error });
    }
  }
  return errors;
}

/** Sizes of the linked program, which are those of every model but for its buffers. */
async function linkedProgram(): Promise<Pick<typeof known, 'sram' | 'flash'>> {
  const buffers = { arenaBytes: 4096, weightsBytes: 4096 };
  const { architecture } = configOf(base, formats[0]!);
  const linked = async (...streamed: string[]) => {
    const image = untrainedImage(architecture, { weights: 'int8' }, new Set(streamed));
    return (await buildShared(image, buffers, 2)).sizes;
  };
  const { sram, flash } = await linked();
  const streaming = await linked('up');
  const { code, program, stack } = sram;
  return {
    sram: { code, program, stack, streaming: streaming.sram.code - code },
    flash: { program: flash.program, streaming: streaming.flash.program - flash.program },
  };
}

function write(calibration: object): void {
  const file = join(packageRoot(), 'src/core/estimate/calibration.json');
  writeFileSync(file, `${JSON.stringify(calibration, null, 2)}\n`);
}

async function calibrate(): Promise<void> {
  const generator = 'npm run calibrate';
  const sizes = await linkedProgram();
  if (process.argv.includes('--sizes')) {
    write({ generator, ...sizes, cycles: known.cycles });
    return;
  }
  const one = await fit(1);
  const two = await fit(2);
  const calibration = {
    ...{ generator, ...sizes },
    cycles: { one_core: one.cycles, two_cores: two.cycles },
  };
  write(calibration);
  const result = {
    one_core: { shapes: one.shapes, ...summary(one.errors) },
    two_cores: { shapes: two.shapes, ...summary(two.errors) },
    weights_in_flash: summary(await errorsInFlash(one)),
    calibration,
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

calibrate().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
