import { expect, test } from 'vitest';
import { deviceCost } from '../../../src/core/train/device-cost';
import { base, configOf } from './models';

const weights = (peak: number) =>
  new Map([
    ['model.embed_tokens.weight', Float32Array.of(0.5, -1)],
    ['model.layers.0.mlp.down_proj.weight', Float32Array.of(0.1, -peak)],
  ]);
const config = configOf(base, { learning_rate: 0.1, weight_decay: 0, gradient_clip: 1 });

test('no warning when device arithmetic is within three percent of float', () => {
  expect(deviceCost({ float: 1, device: 1.029 }, weights(50), config)).toBeUndefined();
  expect(deviceCost({ float: 1, device: 0.9 }, weights(50), config)).toBeUndefined();
  // A third, but of a negligible loss.
  expect(deviceCost({ float: 0.02, device: 0.027 }, weights(50), config)).toBeUndefined();
});

test('weights that have grown are named with the learning rate', () => {
  const problem = deviceCost({ float: 1.2, device: 3.6 }, weights(50), config);
  expect(problem).toMatchObject({ severity: 'warning', path: 'training.learning_rate' });
  expect(problem?.message).toContain('costs 200 % of float: 1.20 became 3.60 bits per byte');
  expect(problem?.message).toContain('50.0 (model.layers.0.mlp.down_proj.weight)');
  expect(problem?.fix).toBe('Train anew with learning_rate 0.02, weight_decay 0.1.');
});

test('where weights are small, the remedy is more training with rounding', () => {
  const problem = deviceCost({ float: 1, device: 1.1 }, weights(2), config);
  expect(problem).toMatchObject({ path: 'quantization.aware_share' });
  expect(problem?.fix).toContain('aware_share');
});
