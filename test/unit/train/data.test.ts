import { describe, expect, test } from 'vitest';
import { batchSampler } from '../../../src/core/train/batches';
import { initialWeights } from '../../../src/core/train/initialise';
import { progressLine } from '../../../src/core/train/progress-line';
import { learningRate } from '../../../src/core/train/schedule';
import { planWindows, sampleWindows, scoredTargets } from '../../../src/core/train/windows';
import { base, configOf } from './models';

describe('evaluation windows', () => {
  test('a short document is one window from 0 to 0', () => {
    const windows = planWindows(Uint16Array.of(4, 5, 0, 6, 0), 0, 8);
    expect(windows).toEqual([
      { tokens: Uint16Array.of(0, 4, 5, 0), scoreFrom: 0 },
      { tokens: Uint16Array.of(0, 6, 0), scoreFrom: 0 },
    ]);
  });

  test('documents begin and end with the end of text, whatever its id', () => {
    const stream = Uint16Array.of(9, 4, 0, 9, 6, 9);
    expect(planWindows(stream, 9, 8)).toEqual([
      { tokens: Uint16Array.of(9, 4, 0, 9), scoreFrom: 0 },
      { tokens: Uint16Array.of(9, 6, 9), scoreFrom: 0 },
    ]);
    const [first] = batchSampler(stream, 9, { batch: 1, context: 1, seed: 3 }).tokensOfStep(0);
    expect(first).toBe(9);
  });

  test.each([2, 3, 4, 7, 12, 13, 40])('context %d scores each target once', (context) => {
    const document = Uint16Array.from({ length: 30 }, (_, i) => i + 1);
    const windows = planWindows(document, 0, context);
    const scored = windows.flatMap(({ tokens, scoreFrom }) => [...tokens.subarray(scoreFrom + 1)]);
    expect(scored).toEqual([...document, 0]);
    expect(scoredTargets(windows)).toBe(31);
    for (const { tokens } of windows) expect(tokens.length).toBeLessThanOrEqual(context + 1);
    windows.slice(1).forEach(({ scoreFrom }) => expect(scoreFrom).toBe(Math.floor(context / 2)));
  });

  test('a sample is spread over all of them', () => {
    const stream = Uint16Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 3 : 0));
    const windows = planWindows(stream, 0, 8);
    expect(sampleWindows(windows, 50)).toHaveLength(25);
    expect(sampleWindows(windows, 1e9)).toHaveLength(100);
    expect(planWindows(Uint16Array.of(0, 0), 0, 8)).toEqual([]);
  });
});

describe('training batches', () => {
  const stream = Uint16Array.of(1, 2, 3, 0, 4, 5, 0, 6, 7, 8, 9, 0);
  const sampler = batchSampler(stream, 0, { batch: 6, context: 4, seed: 1 });

  test('are the same for the same step and follow the stream', () => {
    expect(sampler.tokensOfStep(3)).toEqual(sampler.tokensOfStep(3));
    expect(sampler.tokensOfStep(3)).not.toEqual(sampler.tokensOfStep(4));
    const ring = [...stream, ...stream].join();
    const tokens = sampler.tokensOfStep(3);
    for (let start = 0; start < tokens.length; start += 5) {
      expect(ring).toContain(tokens.subarray(start, start + 5).join());
    }
  });

  test('every other sequence begins a document', () => {
    const tokens = sampler.tokensOfStep(0);
    expect([tokens[0], tokens[10], tokens[20]]).toEqual([0, 0, 0]);
  });

  test('a stream shorter than a sequence repeats', () => {
    const short = batchSampler(Uint16Array.of(1, 0), 0, { batch: 1, context: 6, seed: 1 });
    expect([...short.tokensOfStep(0)]).toEqual([0, 1, 0, 1, 0, 1, 0]);
  });
});

test('initial weights follow the seed', () => {
  expect(initialWeights(base, 1)).toEqual(initialWeights(base, 1));
  expect(initialWeights(base, 1)).not.toEqual(initialWeights(base, 2));
  expect(initialWeights(base, 1).get('model.norm.weight')).toEqual(new Float32Array(6).fill(1));
});

test('the learning rate warms up and falls', () => {
  const { training } = configOf(base, { learning_rate: 1, warmup_share: 0.1 });
  expect([0.05, 0.1, 0.55, 1].map((share) => learningRate(training, share))).toEqual([
    0.5,
    1,
    expect.closeTo(0.5, 9),
    0,
  ]);
  expect(learningRate({ ...training, schedule: 'constant' }, 0.9)).toBe(1);
});

test('a progress line', () => {
  const record = { step: 20, tokens: 640, loss: 2.34567, lr: 0.1, grad_norm: 1, seconds: 30 };
  const line = progressLine({ ...record, tokens_per_second: 12_345, valid_loss: 2.5 }, 0.25);
  expect(line).toBe('step 20, loss 2.346, valid 2.500, 12.3K tokens/s, 1 min 30 s left');
});
