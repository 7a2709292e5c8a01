import { expect, test } from 'vitest';
import { divergences } from '../../../src/core/train/resumable';
import type { ModelConfig } from '../../../src/core/model/config';
import { base, configOf } from './models';

const then = configOf(base, { batch: 4, context: 16 }, 0.2);

function changed(change: (config: ModelConfig) => void): string[] {
  const now = structuredClone(then);
  change(now);
  return divergences(then, now).map(({ path, then: before, now: after }) =>
    [path, before, after].join(' '),
  );
}

test('names changes of the arithmetic, the tokens or their order with both values', () => {
  expect(changed(({ architecture }) => (architecture.activation = 'gelu'))).toEqual([
    `architecture.activation ${JSON.stringify(base.activation)} "gelu"`,
  ]);
  expect(changed(({ data }) => (data.validation_file = 'held-out.txt'))).toEqual([
    'data.validation_file unset "held-out.txt"',
  ]);
  expect(changed((config) => (config.tokenizer = { type: 'file', path: 'a.json' }))).toEqual([
    `tokenizer.type ${JSON.stringify(then.tokenizer.type)} "file"`,
    'tokenizer.path unset "a.json"',
  ]);
  expect(changed(({ training }) => (training.seed += 1))).toHaveLength(1);
  expect(changed(({ training }) => (training.context = 8))).toHaveLength(1);
  expect(changed(({ quantization }) => (quantization.weights = 'int4'))).toHaveLength(1);
});

test('budget, schedule, name and target may change', () => {
  expect(
    changed((config) => {
      config.name = 'another';
      config.training.steps = 1_000_000;
      config.training.learning_rate *= 2;
      config.training.early_stopping += 1;
      config.quantization.aware_share = 0.5;
      config.target.clock_mhz = 200;
    }),
  ).toEqual([]);
});
