import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../../src/core/model/config';
import { matrixFormat } from '../../../src/core/model/matrix-formats';
import { ngramFormat } from '../../../src/core/model/ngram';
import { tensorSpecs } from '../../../src/core/model/tensors';
import { quantizeVector } from '../../../src/core/quant/matrix';
import { seededRandom } from '../../../src/core/random';
import { WasmEngine } from '../../../src/node/wasm/engine';
import { goldenImage, goldenModels, goldenWeights, type GoldenModel } from '../../golden/models';
import {
  referenceLogits,
  roundingNoise,
  storedRows,
  storedValues,
  type ReferenceWeights,
} from '../train/reference';

/**
 * Compares the engine with a model of the same weights in float64, written for clarity and
 * independent of any engine. Golden files record the engine's own output; this test checks whether
 * that output is right.
 *
 * How far may it be off? The weights are the dequantised ones, so the only difference is that the
 * engine rounds vectors to int8 before it multiplies them. An error of rounding lies anywhere within
 * half a step: the reference with such errors, drawn at random, shows how far they move the logits
 * of a token (sigma, the root of their mean square over the vocabulary and the draws). The
 * engine's own errors are one more draw of the same: their size is about sigma, `typical` times that
 * for the median token, and no more than `largest` times sigma for any, or sigma of all tokens where
 * that is more. Its fixed point adds 2^-12 of the logits' size at most: scales and factors have 16
 * bits, and some ten of them meet in a logit.
 */
const typical = 1.3;
const largest = 8;
const fixedPoint = 2 ** -12;
const draws = 8;

/** The weights as the device has them. */
function dequantized(model: GoldenModel): ReferenceWeights {
  const weights = goldenWeights(model);
  return new Map(
    tensorSpecs(model.architecture).map(({ name, shape, slot, role }): [string, Float64Array] => {
      const values = weights.get(name) ?? new Float32Array();
      const [, columns] = shape;
      const { ngram_tables: tables } = model.architecture;
      if (role === 'ngram' && tables && columns !== undefined) {
        return [name, storedRows(values, columns, ngramFormat(tables))];
      }
      if (columns !== undefined) {
        return [name, storedValues(values, columns, matrixFormat(model.quantization, { slot }))];
      }
      const vector = quantizeVector(values);
      return [name, Float64Array.from(vector.values, (value) => value * 2 ** vector.exponent)];
    }),
  );
}

const rootMeanSquare = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

const differences = (one: readonly number[], other: readonly number[]) =>
  one.map((value, index) => value - (other[index] ?? 0));

interface Comparison {
  /** The root mean square difference of each token's logits from the reference's. */
  differences: number[];
  /** The standard deviation that rounding to int8 causes in each token's logits. */
  sigmas: number[];
  /** The size of each token's logits. */
  sizes: number[];
}

/** Runs random tokens through the engine and through a reference of a shape, if not its own. */
async function compare(model: GoldenModel, shape = model.architecture): Promise<Comparison> {
  const { vocab_size, max_seq_len } = model.architecture;
  const weights = dequantized(model);
  const random = seededRandom(7);
  const tokens = Array.from({ length: max_seq_len }, () => Math.floor(random() * vocab_size));
  const exact = referenceLogits(shape, weights, tokens);
  const noisy = Array.from({ length: draws }, () =>
    referenceLogits(shape, weights, tokens, roundingNoise(random, model.quantization.kv_cache)),
  );
  const engine = await WasmEngine.open(goldenImage(model));
  const spoken = tokens.map((token, position) =>
    Array.from(engine.forward(token, position, vocab_size), (logit) => logit / 65536),
  );
  const strays = (logits: readonly number[][]) =>
    logits.map((row, position) => rootMeanSquare(differences(row, exact[position] ?? [])));
  const strayed = noisy.map(strays);
  return {
    differences: strays(spoken),
    sigmas: tokens.map((_, position) => rootMeanSquare(strayed.map((each) => each[position] ?? 0))),
    sizes: exact.map(rootMeanSquare),
  };
}

const median = (values: readonly number[]) =>
  [...values].sort((one, other) => one - other)[values.length >> 1] ?? NaN;

/** Differences in units of sigma: of the median token, and of the worst one. */
function ratios({ differences: found, sigmas, sizes }: Comparison) {
  const overall = rootMeanSquare(sigmas);
  const beyond = (position: number) =>
    Math.max(0, (found[position] ?? NaN) - fixedPoint * (sizes[position] ?? NaN));
  const typically = found.map((_, position) => beyond(position) / (sigmas[position] ?? NaN));
  const furthest = found.map(
    (_, position) => beyond(position) / Math.max(sigmas[position] ?? NaN, overall),
  );
  return { median: median(typically), worst: Math.max(...furthest) };
}

describe.each(goldenModels)('golden model $name', (model) => {
  it('has the logits of its dequantised weights in float64', async () => {
    const found = ratios(await compare(model));
    expect(found.median).toBeLessThan(typical);
    expect(found.worst).toBeLessThan(largest);
  });
});

describe('the comparison', () => {
  const model = goldenModels.find(({ name }) => name === 'long-context')!;
  const wrong: [string, Partial<Architecture>][] = [
    ['activation', { activation: 'gelu' }],
    ['norm', { norm: 'layernorm' }],
    ['position', { position: 'none' }],
    ['number of key/value heads', { n_heads: 2, n_kv_heads: 1, head_dim: 8 }],
  ];
  it.each(wrong)('finds a wrong %s', async (_, change) => {
    const found = ratios(await compare(model, { ...model.architecture, ...change }));
    expect(found.median).toBeGreaterThan(typical);
    expect(found.worst).toBeGreaterThan(largest);
  });
});
