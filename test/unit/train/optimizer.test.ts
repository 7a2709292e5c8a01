import { setFlagsFromString } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { tensorSpecs } from '../../../src/core/model/tensors';
import { WasmKernels } from '../../../src/node/train/wasm-kernels';
import type { WasmKernelsOptions } from '../../../src/node/train/wasm-kernels';
import type { WasmBuild } from '../../../src/node/train/wasm-module';
import { base, randomTokens, randomWeights } from './models';

const batch = 5;
const context = base.max_seq_len;

async function withKernels<T>(
  options: Partial<WasmKernelsOptions>,
  use: (kernels: WasmKernels) => Promise<T>,
): Promise<T> {
  const kernels = await WasmKernels.create({ architecture: base, batch, context, ...options });
  try {
    await kernels.writeParameters(randomWeights(base));
    return await use(kernels);
  } finally {
    await kernels.dispose();
  }
}

function stepOf(number: number, learningRate = 0.01) {
  const tokens = randomTokens(batch * (context + 1), base.vocab_size, number);
  return { number, learningRate, arithmetic: 'float' as const, tokens };
}

describe.each([0, 0.05])('AdamW with the gradient norm clipped at %d', (gradientClip) => {
  test('follows its definition over three steps', async () => {
    const weightDecay = 0.1;
    const expected = new Map(
      [...randomWeights(base)].map(([name, values]) => [name, Array.from(values)]),
    );
    const first = new Map<string, number[]>();
    const second = new Map<string, number[]>();
    await withKernels({ weightDecay, gradientClip, threads: 2 }, async (kernels) => {
      for (let number = 1; number <= 3; number++) {
        const step = stepOf(number);
        const [result] = await kernels.runSteps([step]);
        const norm = result?.gradientNorm ?? NaN;
        const clip = gradientClip > 0 ? Math.min(1, gradientClip / norm) : 1;
        const gradients = kernels.readGradients();
        for (const { name, role } of tensorSpecs(base)) {
          const values = expected.get(name) ?? [];
          const m = first.get(name) ?? values.map(() => 0);
          const v = second.get(name) ?? values.map(() => 0);
          gradients.get(name)?.forEach((slope, i) => {
            const gradient = slope * clip;
            m[i] = 0.9 * (m[i] ?? 0) + 0.1 * gradient;
            v[i] = 0.99 * (v[i] ?? 0) + 0.01 * gradient ** 2;
            const corrected = m[i] / (1 - 0.9 ** number);
            const root = Math.sqrt(v[i] / (1 - 0.99 ** number)) + 1e-8;
            const decay = role === 'norm' ? 0 : weightDecay;
            const value = values[i] ?? 0;
            values[i] = value - step.learningRate * (corrected / root + decay * value);
          });
          first.set(name, m);
          second.set(name, v);
        }
      }
      for (const [name, values] of await kernels.readParameters()) {
        values.forEach((value, i) => {
          expect(Math.abs(value - (expected.get(name)?.[i] ?? NaN)), name).toBeLessThan(2e-5);
        });
      }
    });
  });
});

test('results do not depend on the number of threads, nor on how steps are grouped', async () => {
  const steps = [1, 2, 3, 4].map((number) => stepOf(number));
  const one = await withKernels({ threads: 1 }, async (kernels) => {
    const results = await kernels.runSteps(steps);
    return { results, weights: await kernels.readParameters() };
  });
  for (const threads of [1, 2, 3]) {
    await withKernels({ threads }, async (kernels) => {
      const results = [
        ...(await kernels.runSteps(steps.slice(0, 1))),
        ...(await kernels.runSteps(steps.slice(1))),
      ];
      expect(results).toEqual(one.results);
      expect(await kernels.readParameters()).toEqual(one.weights);
    });
  }
});

test('the plain build agrees with the relaxed one', async () => {
  // Node 20 has relaxed SIMD behind a flag; later ones have it anyway.
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  const run = (build: WasmBuild) =>
    withKernels({ build }, (kernels) => kernels.runSteps([stepOf(1), stepOf(2)]));
  const [, plain] = await run('plain');
  const [, relaxed] = await run('relaxed');
  expect(relaxed?.loss).toBeCloseTo(plain?.loss ?? NaN, 5);
  expect(relaxed?.gradientNorm).toBeCloseTo(plain?.gradientNorm ?? NaN, 5);
});

test('a model beyond the memory is refused with the remedy', async () => {
  const architecture = { ...base, vocab_size: 60_000, dim: 2048 };
  await expect(WasmKernels.create({ architecture, batch, context })).rejects.toMatchObject({
    code: 'training.memory',
    remedy: expect.stringContaining('batch') as string,
  });
});

test('a disposed trainer rejects instead of hanging', async () => {
  const kernels = await WasmKernels.create({ architecture: base, batch, context, threads: 2 });
  await kernels.dispose();
  await expect(kernels.runSteps([stepOf(1)])).rejects.toThrow('thread ended');
});
