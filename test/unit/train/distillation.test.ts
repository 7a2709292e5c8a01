import { expect, test } from 'vitest';
import type { Architecture } from '../../../src/core/model/config';
import { seededRandom } from '../../../src/core/random';
import { WasmKernels } from '../../../src/node/train/wasm-kernels';
import { base, randomTokens, randomWeights } from './models';
import { referenceLogits, slopeAt, toFloat64, type ReferenceWeights } from './reference';

const batch = 3;
const shape: Architecture = { ...base, max_seq_len: 7 };
/** Of other sizes and options in all but its vocabulary. */
const teacher: Architecture = {
  ...{ ...base, dim: 10, hidden_dim: 7, n_layers: 1, n_heads: 3, n_kv_heads: 3, head_dim: 6 },
  ...{ max_seq_len: 30, norm: 'layernorm', tie_embeddings: false, activation: 'gelu' },
  ngram_tables: { orders: [2], rows: 8, into: 'values', layers: [0], width: 18, bits: 8 },
};
const teacherWeights = randomWeights(teacher, 29);
const tokens = randomTokens(batch * (shape.max_seq_len + 1), shape.vocab_size);

interface Made {
  optimizer?: 'muon' | 'adamw';
  threads?: number;
  weight?: number;
}

async function kernelsWith({
  optimizer = 'adamw',
  threads = 1,
  weight,
}: Made): Promise<WasmKernels> {
  const kernels = await WasmKernels.create({
    ...{ architecture: shape, batch, context: shape.max_seq_len, optimizer, threads },
    teacher:
      weight === undefined ? undefined : { architecture: teacher, weights: teacherWeights, weight },
  });
  await kernels.writeParameters(randomWeights(shape));
  return kernels;
}

const step = (learningRate: number, number = 1) =>
  ({ number, learningRate, arithmetic: 'float', tokens }) as const;

/** ln p of every token at every position. */
function logShares(architecture: Architecture, weights: ReferenceWeights, inputs: number[]) {
  return referenceLogits(architecture, weights, inputs).map((logits) => {
    const peak = Math.max(...logits);
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - peak), 0)) + peak;
    return Array.from(logits, (logit) => logit - total);
  });
}

/** The loss on targets of which the teacher's distribution is a share, in float64. */
function taughtLoss(weights: ReferenceWeights, weight: number): number {
  const width = shape.max_seq_len + 1;
  let sum = 0;
  for (let start = 0; start < tokens.length; start += width) {
    const inputs = Array.from(tokens.subarray(start, start + width - 1));
    const known = logShares(teacher, toFloat64(teacherWeights), inputs);
    logShares(shape, weights, inputs).forEach((logs, t) => {
      const target = tokens[start + t + 1]!;
      const soft = logs.reduce((total, log, id) => total + Math.exp(known[t]![id]!) * log, 0);
      sum -= (1 - weight) * logs[target]! + weight * soft;
    });
  }
  return sum / (batch * shape.max_seq_len);
}

test.each([0.3, 1])('gradients equal finite differences in float64: weight %d', async (weight) => {
  const kernels = await kernelsWith({ weight });
  try {
    const [result] = await kernels.runSteps([step(0)]);
    const weights = toFloat64(randomWeights(shape));
    // What is reported is the loss on the text, as without a teacher.
    expect(result!.loss).toBeCloseTo(taughtLoss(weights, 0), 5);
    const gradients = kernels.readGradients();
    const random = seededRandom(17);
    for (const [name, values] of weights) {
      const measured = gradients.get(name)!;
      const scale = measured.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
      for (let probe = 0; probe < Math.min(6, values.length); probe++) {
        const index = Math.floor(random() * values.length);
        const expected = slopeAt(values, index, () => taughtLoss(weights, weight));
        const error = Math.abs(measured[index]! - expected) / scale;
        expect(error, `${name}[${index}]: ${measured[index]} for ${expected}`).toBeLessThan(1e-4);
      }
    }
  } finally {
    await kernels.dispose();
  }
});

test('a teacher of no weight changes nothing, and threads change nothing', async () => {
  const trained = async (made: Made) => {
    const kernels = await kernelsWith({ optimizer: 'muon', ...made });
    await kernels.runSteps([step(0.01), step(0.01, 2)]);
    const weights = await kernels.readParameters();
    await kernels.dispose();
    return weights;
  };
  const plain = await trained({});
  expect(await trained({ weight: 0 })).toEqual(plain);
  const taught = await trained({ weight: 0.5 });
  expect(taught).not.toEqual(plain);
  expect(await trained({ weight: 0.5, threads: 3 })).toEqual(taught);
});
