import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../../src/core/model/config';
import { seededRandom } from '../../../src/core/random';
import { WasmKernels } from '../../../src/node/train/wasm-kernels';
import type { WasmBuild } from '../../../src/node/train/wasm-module';
import { allGradients, base, randomTokens, randomWeights, variants } from './models';
import { referenceLoss, slopeAt, toFloat64 } from './reference';

const batch = 3;

/** Gradients of the mean loss of a batch, from the kernels; the learning rate is 0. */
async function kernelGradients(
  architecture: Architecture,
  tokens: Uint16Array,
  build?: WasmBuild,
): Promise<{ loss: number; norm: number; gradients: ReadonlyMap<string, Float32Array> }> {
  const kernels = await WasmKernels.create({
    architecture,
    batch,
    context: architecture.max_seq_len,
    threads: 1,
    ...(build ? { build } : {}),
  });
  try {
    await kernels.writeParameters(randomWeights(architecture));
    const [result] = await kernels.runSteps([
      { number: 1, learningRate: 0, arithmetic: 'float', tokens },
    ]);
    const { loss = NaN, gradientNorm = NaN } = result ?? {};
    return { loss, norm: gradientNorm, gradients: await allGradients(kernels) };
  } finally {
    await kernels.dispose();
  }
}

function meanLoss(
  architecture: Architecture,
  weights: ReadonlyMap<string, Float64Array>,
  tokens: Uint16Array,
): number {
  const width = architecture.max_seq_len + 1;
  let sum = 0;
  for (let start = 0; start < tokens.length; start += width) {
    sum += referenceLoss(architecture, weights, tokens.subarray(start, start + width));
  }
  return sum / (batch * architecture.max_seq_len);
}

describe('gradients equal finite differences of the float64 reference', () => {
  // Fewer positions than the forward tests: every tested weight costs two losses.
  const short = { max_seq_len: 6 };
  const cases = Object.entries(variants).filter(([name]) => !name.startsWith('context'));

  test.each(cases)('%s', async (_, variant) => {
    const architecture = { ...base, ...short, ...variant, ...short };
    const width = architecture.max_seq_len + 1;
    const tokens = randomTokens(batch * width, architecture.vocab_size);
    const weights = toFloat64(randomWeights(architecture));
    const { loss, gradients } = await kernelGradients(architecture, tokens);
    expect(loss).toBeCloseTo(meanLoss(architecture, weights, tokens), 5);

    const random = seededRandom(17);
    for (const [name, values] of weights) {
      const measured = gradients.get(name) ?? new Float32Array();
      const scale = measured.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
      for (let probe = 0; probe < Math.min(6, values.length); probe++) {
        const index = Math.floor(random() * values.length);
        const expected = slopeAt(values, index, () => meanLoss(architecture, weights, tokens));
        const error = Math.abs((measured[index] ?? NaN) - expected) / scale;
        expect(error, `${name}[${index}]: ${measured[index]} for ${expected}`).toBeLessThan(1e-4);
      }
    }
  });
});

test('several query blocks and vectors of padding: the gradient along a random direction', async () => {
  const architecture = { ...base, max_seq_len: 37 };
  const tokens = randomTokens(batch * 38, architecture.vocab_size);
  const weights = toFloat64(randomWeights(architecture));
  const { gradients } = await kernelGradients(architecture, tokens);
  const random = seededRandom(23);
  let expected = 0;
  const step = 1e-5;
  const above = new Map<string, Float64Array>();
  const below = new Map<string, Float64Array>();
  for (const [name, values] of weights) {
    const direction = values.map(() => random() - 0.5);
    above.set(
      name,
      values.map((value, i) => value + step * (direction[i] ?? 0)),
    );
    below.set(
      name,
      values.map((value, i) => value - step * (direction[i] ?? 0)),
    );
    gradients.get(name)?.forEach((slope, i) => (expected += slope * (direction[i] ?? 0)));
  }
  const measured =
    (meanLoss(architecture, above, tokens) - meanLoss(architecture, below, tokens)) / (2 * step);
  expect(Math.abs(measured - expected)).toBeLessThan(1e-5 * (1 + Math.abs(expected)));
});

test('the gradient norm is that of all gradients together', async () => {
  const tokens = randomTokens(batch * (base.max_seq_len + 1), base.vocab_size);
  const { norm, gradients } = await kernelGradients(base, tokens, 'plain');
  let squares = 0;
  for (const values of gradients.values()) values.forEach((value) => (squares += value ** 2));
  expect(norm).toBeCloseTo(Math.sqrt(squares), 5);
});
