import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../../src/core/model/config';
import type { CacheFormat } from '../../../src/core/model/formats';
import { seededRandom } from '../../../src/core/random';
import { WasmKernels } from '../../../src/node/train/wasm-kernels';
import { allGradients, base, randomTokens, randomWeights, variants } from './models';
import { referenceLoss, roundingQuantizer, slopeAt, straightThrough, toFloat64 } from './reference';

async function withKernels<T>(
  architecture: Architecture,
  use: (kernels: WasmKernels) => Promise<T>,
  kv_cache: CacheFormat = 'int8',
): Promise<T> {
  const context = architecture.max_seq_len;
  const quantization = { weights: 'int8', kv_cache } as const;
  const kernels = await WasmKernels.create({
    ...{ architecture, quantization, batch: 1, context, threads: 2 },
  });
  try {
    await kernels.writeParameters(randomWeights(architecture));
    return await use(kernels);
  } finally {
    await kernels.dispose();
  }
}

test('the definition: inputs have int8 steps, heads powers of two that the cache shares', () => {
  const { quantize, cache } = roundingQuantizer([], 'int4');
  expect(quantize([1.27, -0.014, 0.006], 'input')).toEqual([1.27, -0.01, 0.01]);
  expect(quantize([0, 0], 'input')).toEqual([0, 0]);
  expect(quantize([1, 0.01], 'query')).toEqual([1, 1 / 64]);
  const vectors = [
    [7, 1],
    [13, 1],
    [2, -3],
  ];
  expect(cache(vectors.slice(0, 1), 'value')).toEqual([[7, 1]]);
  expect(cache(vectors, 'value')).toEqual([
    [8, 2],
    [14, 2],
    [2, -2],
  ]);
});

describe('quantised loss equals the reference with the same definition', () => {
  test.each(Object.entries(variants))('%s', async (_, variant) => {
    const architecture = { ...base, ...variant };
    const tokens = randomTokens(architecture.max_seq_len + 1, architecture.vocab_size);
    const weights = toFloat64(randomWeights(architecture));
    const expected = referenceLoss(architecture, weights, tokens, {
      quantizer: roundingQuantizer(),
    });
    const float = referenceLoss(architecture, weights, tokens);
    const [nats = NaN] = await withKernels(architecture, (kernels) =>
      kernels.evaluate([{ tokens, scoreFrom: 0 }], 'device'),
    );
    // A value on the edge of two steps may fall to either side in float32.
    const tolerance = 2e-4 * (1 + expected);
    expect(Math.abs(nats - expected)).toBeLessThan(tolerance);
    expect(Math.abs(float - expected)).toBeGreaterThan(0);
  });
});

test('an int4 cache costs the loss of the reference with such a cache', async () => {
  const tokens = randomTokens(base.max_seq_len + 1, base.vocab_size);
  const weights = toFloat64(randomWeights(base));
  const loss = (cache: CacheFormat) =>
    referenceLoss(base, weights, tokens, { quantizer: roundingQuantizer([], cache) });
  const [nats = NaN] = await withKernels(
    base,
    (kernels) => kernels.evaluate([{ tokens, scoreFrom: 0 }], 'device'),
    'int4',
  );
  expect(Math.abs(nats - loss('int4'))).toBeLessThan(2e-4 * (1 + loss('int4')));
  expect(loss('int4')).not.toBeCloseTo(loss('int8'), 3);
});

describe('gradients pass straight through the rounding', () => {
  test.each([
    'as it is',
    'untied, layernorm, learned, gelu, not gated',
    'odd head_dim',
    'rows of n-grams on the values',
    'rows of n-grams on the residual stream',
  ])('%s', async (name) => {
    const architecture = { ...base, ...variants[name], max_seq_len: 6 };
    const tokens = randomTokens(7, architecture.vocab_size);
    const weights = toFloat64(randomWeights(architecture));
    const gradients = await withKernels(architecture, async (kernels) => {
      await kernels.runSteps([{ number: 1, learningRate: 0, arithmetic: 'device', tokens }]);
      return allGradients(kernels);
    });
    const errors: number[][] = [];
    referenceLoss(architecture, weights, tokens, { quantizer: roundingQuantizer(errors) });
    const meanLoss = () =>
      referenceLoss(architecture, weights, tokens, { quantizer: straightThrough(errors) }) / 6;
    const random = seededRandom(31);
    for (const [tensor, values] of weights) {
      const measured = gradients.get(tensor) ?? new Float32Array();
      const scale = measured.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
      for (let probe = 0; probe < 6; probe++) {
        const index = Math.floor(random() * values.length);
        const expected = slopeAt(values, index, meanLoss);
        const error = Math.abs((measured[index] ?? NaN) - expected) / scale;
        expect(error, `${tensor}[${index}]`).toBeLessThan(2e-4);
      }
    }
  });
});

test('quantisation is chosen step by step and leaves the parameters in float', async () => {
  const tokens = randomTokens(base.max_seq_len + 1, base.vocab_size);
  await withKernels(base, async (kernels) => {
    const results = await kernels.runSteps(
      (['float', 'device', 'float'] as const).map((arithmetic, i) => ({
        number: i + 1,
        learningRate: 0,
        arithmetic,
        tokens,
      })),
    );
    expect(results[0]?.loss).toBe(results[2]?.loss);
    expect(results[0]?.loss).not.toBe(results[1]?.loss);
    expect(await kernels.readParameters()).toEqual(randomWeights(base));
  });
});
