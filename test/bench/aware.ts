/**
 * `node test/bench/run.mjs aware -- --text FILE --valid FILE [--shares int4:0.1+0.3,ternary:0.7]
 * [--cache int8,int4] [--rewarm 0,0.3] [--steps 500]
 * [--dim 64] [--layers 4]`: trains a small model in float once, and goes
 * on from places of that training in the arithmetic of the device, which so has the last share of
 * the steps. Prints JSON: bits per byte of the held-out text in float, in the quantised pass of the
 * trainer, and as the engine measures it.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Quantization } from '../../src/core/model/config';
import { withDefaults } from '../../src/core/model/defaults';
import type { CacheFormat, WeightFormat } from '../../src/core/model/formats';
import type { Weights } from '../../src/core/model/tensors';
import { bitsPerByte } from '../../src/core/estimate/bits-per-byte';
import { trainTokenizer } from '../../src/core/tokenizer/learn';
import { Tokenizer } from '../../src/core/tokenizer/tokenizer';
import { batchSampler } from '../../src/core/train/batches';
import { initialWeights } from '../../src/core/train/initialise';
import type { Kernels, OptimizerMoments } from '../../src/core/train/kernels';
import { learningRate } from '../../src/core/train/schedule';
import { planWindows, sampleWindows } from '../../src/core/train/windows';
import { finish } from '../../src/core/turns';
import { splitDocuments } from '../../src/node/data/documents';
import { deviceNats } from '../../src/node/run/device-loss';
import { exportImage } from '../../src/node/run/export';
import { WasmKernels } from '../../src/node/train/wasm-kernels';
import { WasmEngine } from '../../src/node/wasm/engine';

const { values: options } = parseArgs({
  args: process.argv.slice(2).filter((option) => option !== '--'),
  options: {
    text: { type: 'string' },
    valid: { type: 'string' },
    shares: { type: 'string', default: 'int8:0.1,int4:0.3,ternary:0.7' },
    cache: { type: 'string', default: 'int8' },
    rewarm: { type: 'string', default: '0' },
    steps: { type: 'string', default: '500' },
    targets: { type: 'string', default: '12000' },
    seed: { type: 'string', default: '1' },
    dim: { type: 'string', default: '64' },
    layers: { type: 'string', default: '4' },
  },
});

/** Bytes from which the tokenizer learns. */
const tokenizerBytes = 1 << 20;

const [steps, dim, layers] = [options.steps, options.dim, options.layers].map(Number) as [
  number,
  number,
  number,
];

const config = withDefaults(
  {
    version: 1,
    architecture: {
      ...{ vocab_size: 512, dim, hidden_dim: Math.round((dim * 8) / 3), n_layers: layers },
      ...{ n_heads: 8, n_kv_heads: 4, max_seq_len: 128 },
    },
    training: { batch: 16, steps, seed: Number(options.seed) },
  },
  'aware',
);
const { architecture, training } = config;

function documentsOf(file: string | undefined): Uint8Array[] {
  if (file === undefined) throw new Error('Name --text and --valid.');
  return splitDocuments(readFileSync(file), config.data.separator).documents;
}

const text = documentsOf(options.text);
const held = documentsOf(options.valid);
let bytes = 0;
const tokenizer = trainTokenizer(
  'bpe',
  architecture.vocab_size,
  text.filter((document) => (bytes += document.length) < tokenizerBytes),
).value!;
const encoder = new Tokenizer(tokenizer);
const stream = finish(encoder.encodeDocuments(text));
const sampler = batchSampler(stream, tokenizer.eosId, training);

/** Held-out documents as windows, a part of them evenly spread, and the bytes that they stand for. */
const everyWindow = planWindows(
  finish(encoder.encodeDocuments(held)),
  tokenizer.eosId,
  architecture.max_seq_len,
);
const windows = sampleWindows(everyWindow, Number(options.targets));
const scoredBytes = windows
  .flatMap(({ tokens, scoreFrom }) => [...tokens.subarray(scoreFrom + 1)])
  .reduce((sum, token) => sum + Math.max(1, tokenizer.tokens[token]?.length ?? 1), 0);

/** A place of a training. */
interface Point {
  weights: Weights;
  moments: OptimizerMoments;
}

function makeKernels(quantization: Quantization): Promise<WasmKernels> {
  const { batch, context, optimizer, weight_decay, gradient_clip } = training;
  return WasmKernels.create({
    ...{ architecture, quantization, optimizer, batch, context, threads: 2 },
    ...{ weightDecay: weight_decay, gradientClip: gradient_clip },
  });
}

/** Trains the steps from `begin` up to `end`; rates rise from 0 again over `rewarm` of them. */
async function train(
  kernels: Kernels,
  [begin, end]: readonly [number, number],
  arithmetic: 'float' | 'device',
  rewarm = 0,
): Promise<void> {
  const rising = rewarm * (end - begin);
  for (let step = begin; step < end; step++) {
    const rate = learningRate(training, (step + 0.5) / steps);
    const risen = rising > 0 ? Math.min(1, (step + 0.5 - begin) / rising) : 1;
    await kernels.runSteps([
      {
        number: step + 1,
        learningRate: rate * risen,
        arithmetic,
        tokens: sampler.tokensOfStep(step),
      },
    ]);
  }
}

const switchOf = (share: number) => Math.round((1 - share) * steps);

/** The float training at each of the shares, and at its end. */
async function floatPoints(shares: readonly number[]): Promise<Map<number, Point>> {
  const kernels = await makeKernels(config.quantization);
  await kernels.writeParameters(initialWeights(architecture, training.seed));
  const points = new Map<number, Point>();
  let at = 0;
  for (const step of [...new Set([...shares.map(switchOf), steps])].sort((a, b) => a - b)) {
    await train(kernels, [at, step], 'float');
    at = step;
    points.set(step, {
      weights: await kernels.readParameters(),
      moments: await kernels.readMoments(),
    });
    process.stderr.write(`float up to step ${step}\n`);
  }
  await kernels.dispose();
  return points;
}

const total = (nats: Float64Array) => nats.reduce((sum, value) => sum + value, 0);
const rounded = (value: number) => Math.round(value * 1e4) / 1e4;

async function measure(kernels: Kernels, quantization: Quantization) {
  const bits = (nats: number) => bitsPerByte(nats, scoredBytes);
  const float = bits(total(await kernels.evaluate(windows, 'float')));
  const quantized = bits(total(await kernels.evaluate(windows, 'device')));
  const image = exportImage({ ...config, quantization }, await kernels.readParameters(), tokenizer);
  const engine = bits(
    await deviceNats(await WasmEngine.open(image), architecture.vocab_size, windows),
  );
  return {
    float: rounded(float),
    quantized: rounded(quantized),
    engine: rounded(engine),
    difference_percent: rounded(100 * (quantized / engine - 1)),
  };
}

async function goOn(point: Point, begin: number, quantization: Quantization, rewarm: number) {
  const kernels = await makeKernels(quantization);
  await kernels.writeParameters(point.weights);
  await kernels.writeMoments(point.moments);
  await train(kernels, [begin, steps], 'device', rewarm);
  const result = await measure(kernels, quantization);
  await kernels.dispose();
  return result;
}

/** The shares of the steps that each format is trained for. */
const plan = options.shares.split(',').map((part) => {
  const [weights, shares] = part.split(':');
  return { weights: weights as WeightFormat, shares: (shares ?? '').split('+').map(Number) };
});

async function compare(): Promise<void> {
  const points = await floatPoints(plan.flatMap(({ shares }) => shares));
  const rows: unknown[] = [];
  const variants = plan.flatMap(({ weights, shares }) =>
    (options.cache.split(',') as CacheFormat[]).flatMap((kv_cache) =>
      shares.flatMap((share) =>
        options.rewarm
          .split(',')
          .map((part) => ({ weights, kv_cache, share, rewarm: Number(part) })),
      ),
    ),
  );
  for (const variant of variants) {
    const { weights, kv_cache, share, rewarm } = variant;
    const begin = switchOf(share);
    const point = points.get(begin);
    if (!point) throw new Error(`no point at step ${begin}`);
    const quantization = { ...config.quantization, weights, kv_cache, aware_share: share };
    rows.push({ ...variant, ...(await goOn(point, begin, quantization, rewarm)) });
    process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
  }
  const tokens = steps * training.batch * training.context;
  process.stdout.write(`${JSON.stringify({ dim, layers, steps, tokens, rows }, null, 2)}\n`);
}

compare().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
