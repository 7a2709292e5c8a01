import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../../src/core/model/config';
import { WasmKernels } from '../../../src/node/train/wasm-kernels';
import { base, randomTokens, randomWeights, variants } from './models';
import { fakeQuantize, referenceLoss, toFloat64 } from './reference';

async function withKernels<T>(
  architecture: Architecture,
  use: (kernels: WasmKernels) => Promise<T>,
): Promise<T> {
  const context = architecture.max_seq_len;
  const kernels = await WasmKernels.create({ architecture, batch: 1, context, threads: 2 });
  try {
    kernels.writeParameters(randomWeights(architecture));
    return await use(kernels);
  } finally {
    await kernels.dispose();
  }
}

test('the definition: int8 steps of peak / 127, or of a power of two', () => {
  expect(fakeQuantize([1.27, -0.014, 0.006])).toEqual([1.27, -0.01, 0.01]);
  expect(fakeQuantize([1, 0.01], true)).toEqual([1, 1 / 64]);
  expect(fakeQuantize([0, 0])).toEqual([0, 0]);
});

describe('quantised loss equals the reference with the same definition', () => {
  test.each(Object.entries(variants))('%s', async (_, variant) => {
    const architecture = { ...base, ...variant };
    const tokens = randomTokens(architecture.max_seq_len + 1, architecture.vocab_size);
    const weights = toFloat64(randomWeights(architecture));
    const expected = referenceLoss(architecture, weights, tokens, { quantized: true });
    const float = referenceLoss(architecture, weights, tokens);
    const [nats = NaN] = await withKernels(architecture, (kernels) =>
      kernels.evaluate([{ tokens, scoreFrom: 0 }], true),
    );
    // A value on the edge of two steps may fall to either side in float32.
    const tolerance = 2e-4 * (1 + expected);
    expect(Math.abs(nats - expected)).toBeLessThan(tolerance);
    expect(Math.abs(float - expected)).toBeGreaterThan(0);
  });
});

test('gradients pass straight through: nearly those of the float model', async () => {
  const tokens = randomTokens(base.max_seq_len + 1, base.vocab_size);
  await withKernels(base, async (kernels) => {
    const step = { number: 1, learningRate: 0, tokens };
    await kernels.runSteps([{ ...step, quantized: false }]);
    const float = kernels.readGradients();
    await kernels.runSteps([{ ...step, quantized: true }]);
    for (const [name, values] of kernels.readGradients()) {
      const others = float.get(name) ?? new Float32Array();
      let product = 0;
      values.forEach((value, i) => (product += value * (others[i] ?? 0)));
      const cosine = product / (Math.hypot(...values) * Math.hypot(...others));
      expect(cosine, name).toBeGreaterThan(0.95);
    }
  });
});

test('quantisation is chosen step by step and leaves the parameters in float', async () => {
  const tokens = randomTokens(base.max_seq_len + 1, base.vocab_size);
  await withKernels(base, async (kernels) => {
    const results = await kernels.runSteps(
      [false, true, false].map((quantized, i) => ({
        number: i + 1,
        learningRate: 0,
        quantized,
        tokens,
      })),
    );
    expect(results[0]?.loss).toBe(results[2]?.loss);
    expect(results[0]?.loss).not.toBe(results[1]?.loss);
    expect(kernels.readParameters()).toEqual(randomWeights(base));
  });
});
