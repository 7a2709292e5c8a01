import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../../src/core/model/config';
import type { NgramTables } from '../../../src/core/model/ngram';
import { ngramRow, recentTokens } from '../../../src/core/model/ngram-hash';
import { tensorName, type TensorSlot } from '../../../src/core/model/tensor-table';
import { initialWeights } from '../../../src/core/train/initialise';
import { ngramRate } from '../../../src/core/train/optimizer';
import { WasmKernels, type WasmKernelsOptions } from '../../../src/node/train/wasm-kernels';
import { base, randomTokens, randomWeights } from './models';
import { referenceLoss, roundingQuantizer, toFloat64 } from './reference';

const tables: NgramTables = {
  ...{ orders: [2, 3], rows: 64, into: 'values', layers: [1], width: 8, bits: 4 },
};
const architecture: Architecture = { ...base, ngram_tables: tables };
const batch = 5;
const context = base.max_seq_len;
const rowBits = 6;

async function withKernels<T>(
  options: Partial<WasmKernelsOptions>,
  use: (kernels: WasmKernels) => Promise<T>,
): Promise<T> {
  const kernels = await WasmKernels.create({ architecture, batch, context, ...options });
  try {
    await kernels.writeParameters(randomWeights(options.architecture ?? architecture));
    return await use(kernels);
  } finally {
    await kernels.dispose();
  }
}

function stepOf(number: number, learningRate = 0.01) {
  const tokens = randomTokens(batch * (context + 1), base.vocab_size, number);
  return { number, learningRate, arithmetic: 'float' as const, tokens };
}

/** Rows of a table that the inputs of a step pick. */
function rowsHit(order: number, tokens: Uint16Array): Set<number> {
  const rows = new Set<number>();
  for (let start = 0; start < tokens.length; start += context + 1) {
    const window = tokens.subarray(start, start + context);
    for (let t = 0; t < context; t++) {
      rows.add(ngramRow(1, order, recentTokens(window, t, order), rowBits));
    }
  }
  return rows;
}

const nameOf = (order: number) => tensorName(`ngram_${order}` as TensorSlot, 1);

describe.each([0, 0.05])('tables with the gradient norm clipped at %d', (gradientClip) => {
  test('rows that were read take a step of AdamW without decay, others rest', async () => {
    await withKernels({ weightDecay: 0.5, gradientClip, threads: 2 }, async (kernels) => {
      const share = { first: 0.1, second: 0.01 };
      for (let number = 1; number <= 3; number++) {
        const before = {
          weights: await kernels.readParameters(),
          ...(await kernels.readMoments()),
        };
        const step = stepOf(number);
        await kernels.runSteps([step]);
        const after = { weights: await kernels.readParameters(), ...(await kernels.readMoments()) };
        for (const order of tables.orders) {
          const hit = rowsHit(order, step.tokens);
          const of = (tensors: ReadonlyMap<string, Float32Array>) => tensors.get(nameOf(order))!;
          expect(hit.size).toBeLessThan(tables.rows);
          for (let row = 0; row < tables.rows; row++) {
            for (let i = row * tables.width; i < (row + 1) * tables.width; i++) {
              const moved = of(after.weights)[i]! - of(before.weights)[i]!;
              if (!hit.has(row)) {
                expect(moved).toBe(0);
                expect(of(after.first)[i]).toBe(of(before.first)[i]);
                expect(of(after.second)[i]).toBe(of(before.second)[i]);
                continue;
              }
              const first = of(after.first)[i]!;
              const gradient = (first - 0.9 * of(before.first)[i]!) / share.first;
              const second = 0.99 * of(before.second)[i]! + share.second * gradient ** 2;
              expect(of(after.second)[i]).toBeCloseTo(second, 6);
              const root = Math.sqrt(second / (1 - 0.99 ** number)) + 1e-8;
              const expected = (-ngramRate.adamw * 0.01 * first) / (1 - 0.9 ** number) / root;
              expect(Math.abs(moved - expected)).toBeLessThan(2e-5 * (1 + ngramRate.adamw));
            }
          }
        }
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
  for (const threads of [2, 3]) {
    await withKernels({ threads, optimizer: 'adamw' }, async (kernels) => {
      const results = [
        ...(await kernels.runSteps(steps.slice(0, 1))),
        ...(await kernels.runSteps(steps.slice(1))),
      ];
      expect(results).toEqual(one.results);
      expect(await kernels.readParameters()).toEqual(one.weights);
    });
  }
});

test('a training goes on from its parameters and moments as if it had never stopped', async () => {
  const steps = [1, 2, 3, 4].map((number) => stepOf(number));
  const whole = await withKernels({}, async (kernels) => {
    await kernels.runSteps(steps);
    return kernels.readParameters();
  });
  const half = await withKernels({}, async (kernels) => {
    await kernels.runSteps(steps.slice(0, 2));
    return { weights: await kernels.readParameters(), moments: await kernels.readMoments() };
  });
  await withKernels({}, async (kernels) => {
    await kernels.writeParameters(half.weights);
    await kernels.writeMoments(half.moments);
    await kernels.runSteps(steps.slice(2));
    expect(await kernels.readParameters()).toEqual(whole);
  });
});

test('the norm that clips is that of the other parameters', async () => {
  const { ngram_tables: _, ...plain } = architecture;
  const norm = (shape: Architecture) =>
    withKernels({ architecture: shape }, async (kernels) => {
      await kernels.writeParameters(initialWeights(shape, 1));
      const [result] = await kernels.runSteps([stepOf(1)]);
      return result?.gradientNorm;
    });
  // Tables begin at zero and add nothing.
  expect(await norm(architecture)).toBe(await norm(plain));
});

test.each([
  ['small rows beside large ones', [1e-9, 1e-4, 1, 900]],
  ['zeros and values too small for a scale', [0, 1e-6, 1e-5, 2e-4]],
  [
    'rows next to the limits of a scale',
    [31.4 * 7.5, 31.6 * 7.5, 15.6, 15.8].map((x) => x / 65536),
  ],
])('device arithmetic has the rows of the exporter: %s', async (_, sizes) => {
  for (const bits of [4, 8] as const) {
    const shape: Architecture = { ...architecture, ngram_tables: { ...tables, bits, rows: 4 } };
    const weights = randomWeights(shape);
    for (const order of tables.orders) {
      weights.get(nameOf(order))?.forEach((value, i, table) => {
        table[i] = Math.max(-1, Math.min(1, value)) * (sizes[Math.floor(i / tables.width)] ?? 1);
      });
    }
    const tokens = randomTokens(context + 1, base.vocab_size);
    const expected = referenceLoss(shape, toFloat64(weights), tokens, {
      quantizer: roundingQuantizer(),
    });
    const nats = await withKernels({ architecture: shape, batch: 1 }, async (kernels) => {
      await kernels.writeParameters(weights);
      return kernels.evaluate([{ tokens, scoreFrom: 0 }], 'device');
    });
    expect(Math.abs((nats[0] ?? NaN) - expected)).toBeLessThan(2e-4 * (1 + expected));
  }
});
