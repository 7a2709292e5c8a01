import { afterAll, expect, test } from 'vitest';
import type { Architecture, StoredFormats } from '../../../src/core/model/config';
import type { Arithmetic } from '../../../src/core/model/formats';
import type { Optimizer } from '../../../src/core/model/options';
import type { Kernels, KernelsOptions } from '../../../src/core/train/kernels';
import { launch } from '../../../src/node/train/pytorch/launch';
import { TorchService } from '../../../src/node/train/pytorch/service';
import { TorchKernels } from '../../../src/node/train/pytorch/torch-kernels';
import { WasmKernels } from '../../../src/node/train/wasm-kernels';
import { torchForTests } from '../../support/torch';
import { base, randomTokens, randomWeights, variants } from './models';

/*
 * The engine in PyTorch against the built-in one, which other tests compare with a float64
 * reference: the same losses, gradient norms, weights and moments after the same steps.
 */

const torch = await torchForTests();
/** One process for all comparisons: PyTorch takes seconds to start. */
const service = torch && new TorchService(await launch(torch, process.env));
afterAll(() => service?.dispose());

const batch = 5;

interface Outcome {
  nats: number[];
  losses: number[];
  norms: number[];
  weights: ReadonlyMap<string, Float32Array>;
  first: ReadonlyMap<string, Float32Array>;
  second: ReadonlyMap<string, Float32Array>;
}

/** Evaluates windows of several lengths and takes some steps. */
async function exercise(
  kernels: Kernels,
  architecture: Architecture,
  arithmetic: Arithmetic,
  steps = 1,
): Promise<Outcome> {
  const { max_seq_len, vocab_size } = architecture;
  await kernels.writeParameters(randomWeights(architecture));
  const tokens = randomTokens(max_seq_len + 1, vocab_size);
  const nats = await kernels.evaluate(
    [
      { tokens, scoreFrom: 0 },
      { tokens: tokens.subarray(0, 2), scoreFrom: 0 },
      { tokens, scoreFrom: max_seq_len - 1 },
    ],
    arithmetic,
  );
  const results = await kernels.runSteps(
    Array.from({ length: steps }, (_, index) => ({
      ...{ number: index + 1, learningRate: 0.01, arithmetic },
      tokens: randomTokens(batch * (max_seq_len + 1), vocab_size, index),
    })),
  );
  const { first, second } = await kernels.readMoments();
  return {
    nats: Array.from(nats),
    losses: results.map(({ loss }) => loss),
    norms: results.map(({ gradientNorm }) => gradientNorm),
    weights: await kernels.readParameters(),
    first,
    second,
  };
}

interface Comparison {
  architecture?: Architecture;
  arithmetic?: Arithmetic;
  steps?: number;
  options?: Partial<KernelsOptions>;
}

async function both({
  architecture = base,
  arithmetic = 'float',
  steps = 1,
  options: more = {},
}: Comparison): Promise<[torch: Outcome, builtin: Outcome]> {
  if (!service) throw new Error('This test should have been left out.');
  const options: KernelsOptions = {
    ...{ architecture, batch, context: architecture.max_seq_len, threads: 1 },
    ...{ weightDecay: 0.1, gradientClip: 1 },
    ...more,
  };
  const builtin = await WasmKernels.create(options);
  try {
    return [
      await exercise(await TorchKernels.open(service, options), architecture, arithmetic, steps),
      await exercise(builtin, architecture, arithmetic, steps),
    ];
  } finally {
    await builtin.dispose();
  }
}

/** Largest difference of two maps of tensors. */
function distance(
  a: ReadonlyMap<string, Float32Array>,
  b: ReadonlyMap<string, Float32Array>,
): number {
  expect([...a.keys()]).toEqual([...b.keys()]);
  return Math.max(
    ...[...a].flatMap(([name, values]) =>
      Array.from(values, (value, i) => Math.abs(value - (b.get(name)?.[i] ?? NaN))),
    ),
  );
}

function expectClose(a: readonly number[], b: readonly number[], tolerance: number): void {
  expect(a).toHaveLength(b.length);
  a.forEach((value, i) => {
    const other = b[i] ?? NaN;
    expect(Math.abs(value - other)).toBeLessThan(tolerance * (1 + Math.abs(other)));
  });
}

const options: [name: string, architecture: Architecture][] = Object.entries(variants).map(
  ([name, variant]) => [name, { ...base, ...variant }],
);
const optimizers: Optimizer[] = ['adamw', 'muon'];

test.skipIf(!torch).each(options)('floats agree: %s', async (_, architecture) => {
  for (const optimizer of optimizers) {
    const [found, expected] = await both({ architecture, options: { optimizer } });
    expectClose(found.nats, expected.nats, 1e-5);
    expectClose(found.losses, expected.losses, 1e-5);
    expectClose(found.norms, expected.norms, 1e-4);
    expect(distance(found.weights, expected.weights), optimizer).toBeLessThan(1e-4);
    expect(distance(found.first, expected.first), optimizer).toBeLessThan(1e-5);
    expect(distance(found.second, expected.second), optimizer).toBeLessThan(1e-5);
  }
});

const formats: StoredFormats[] = [
  { weights: 'int8' },
  { weights: 'int4' },
  { weights: 'ternary', tensors: { embedding: 'int8', output: 'int4' } },
];

test.skipIf(!torch).each(formats)('device arithmetic agrees: %o', async (quantization) => {
  for (const [, architecture] of options) {
    const comparison = { architecture, arithmetic: 'device' as const, options: { quantization } };
    const [found, expected] = await both(comparison);
    expectClose(found.nats, expected.nats, 1e-3);
    expectClose(found.losses, expected.losses, 1e-3);
    expectClose(found.norms, expected.norms, 1e-2);
  }
});

/*
 * A lone value of an int4 cache is a small whole number times a power of two, and half of the
 * largest one lies between two numbers of int8: the noise of floats decides. A model needs some
 * width for such ties to even out.
 */
test.skipIf(!torch)('device arithmetic agrees: int4 cache', async () => {
  const architecture: Architecture = {
    ...base,
    ...{ vocab_size: 64, dim: 48, hidden_dim: 96, head_dim: 12, max_seq_len: 60 },
  };
  const options = { quantization: { weights: 'int4', kv_cache: 'int4' } as const };
  const [found, expected] = await both({ architecture, arithmetic: 'device', options });
  expectClose(found.nats.slice(0, 1), expected.nats.slice(0, 1), 1e-3);
  expectClose(found.losses, expected.losses, 1e-3);
  expectClose(found.norms, expected.norms, 1e-2);
});

test.skipIf(!torch)('a teacher draws both alike', async () => {
  const shape = { ...base, dim: 8, n_heads: 2, n_kv_heads: 1, head_dim: 6 };
  const teacher = { architecture: shape, weights: randomWeights(shape, 9), weight: 0.6 };
  const [found, expected] = await both({ steps: 3, options: { teacher } });
  expectClose(found.losses, expected.losses, 1e-4);
  expectClose(found.norms, expected.norms, 1e-4);
  expect(distance(found.weights, expected.weights)).toBeLessThan(1e-4);
  const [alone] = await both({ steps: 3 });
  expect(distance(found.weights, alone.weights)).toBeGreaterThan(1e-3);
});
