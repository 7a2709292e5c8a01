import { describe, expect, it } from 'vitest';
import { withDefaults } from '../../src/core/model/defaults';
import { initialWeights } from '../../src/core/train/initialise';
import { StarmindError } from '../../src/node/starmind-error';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import { baselineToken, runBaseline, type Baseline } from '../support/baselines';
import {
  referenceLogits,
  roundingQuantizer,
  toFloat64,
  type Quantizer,
} from '../unit/train/reference';

const missing = await ensureToolchain().then(
  () => undefined,
  (error: unknown) => (error instanceof StarmindError ? error.message : String(error)),
);
if (missing) console.log(`Skipped the engines to compare with: ${missing}`);

/** More query heads than key heads, and rows that do not fill words. */
const { architecture } = withDefaults(
  {
    version: 1,
    architecture: {
      ...{ vocab_size: 70, dim: 24, hidden_dim: 50, n_layers: 2, n_heads: 4, n_kv_heads: 2 },
      ...{ head_dim: 6, max_seq_len: 16 },
    },
  },
  'baseline',
);

/** Vectors of int8 before matrices, and float32 elsewhere, as the int8 engine computes. */
const int8Inputs: Quantizer = {
  quantize: (values, use) => (use === 'input' ? roundingQuantizer().quantize(values, use) : values),
  cache: (vectors) => [...vectors],
  replace: (_, stored) => Array.from(stored),
};

const rootMeanSquare = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** How far logits are off, of the size of the expected ones. */
async function strays(engine: Baseline, weightsIn: 'sram' | 'flash', quantizer?: Quantizer) {
  const weights = initialWeights(architecture, 3);
  const { logits, tokens } = await runBaseline(engine, architecture, weights, {
    ...{ checked: 5, contexts: [8, 16], weightsIn },
  });
  const asked = Array.from({ length: 5 }, (_, position) => baselineToken(position, architecture));
  const expected = referenceLogits(architecture, toFloat64(weights), asked, quantizer);
  const off = expected.map((row, position) =>
    rootMeanSquare(row.map((value, i) => value - (logits[position]?.[i] ?? NaN))),
  );
  return { off: Math.max(...off) / rootMeanSquare(expected.flat()), tokens };
}

describe.skipIf(missing)('the engines to compare with, on the virtual Pico', () => {
  it('float: has the logits of float64, within rounding to float32', async () => {
    const { off, tokens } = await strays('float', 'sram');
    expect(off).toBeLessThan(1e-5);
    expect(tokens.map(({ context }) => context)).toEqual([8, 16]);
    // A longer context costs attention, and nothing else.
    expect(tokens[1]!.cycles).toBeGreaterThan(tokens[0]!.cycles);
    expect(tokens[1]!.matrices / tokens[0]!.matrices).toBeCloseTo(1, 2);
  }, 300_000);

  it('int8: has the logits of the same rounded weights and vectors', async () => {
    // A value beside the middle of two steps may be rounded to the other one.
    expect((await strays('int8', 'sram', int8Inputs)).off).toBeLessThan(5e-3);
  }, 300_000);

  it('int8: computes the same with weights in flash, and waits for them', async () => {
    const [sram, flash] = [await strays('int8', 'sram'), await strays('int8', 'flash')];
    expect(flash.off).toBe(sram.off);
    expect(flash.tokens[0]!.matrices).toBeGreaterThan(sram.tokens[0]!.matrices);
  }, 300_000);
});
