import { expect, test } from 'vitest';
import type { ModelConfig } from '../../../src/core/model/config';
import type { Kernels, TrainingStep } from '../../../src/core/train/kernels';
import { freshState, trainLoop } from '../../../src/core/train/loop';
import type { MetricsRecord } from '../../../src/core/train/metrics';
import { base, configOf } from './models';

/** Kernels with scripted validation losses, whose clock moves one second a step. */
function scripted(validLosses: number[]) {
  const steps: TrainingStep[] = [];
  let written: string | undefined;
  let evaluatedAt = -1;
  let current = 0;
  const marker = () => new Map([['step', Float32Array.of(steps.length)]]);
  const kernels: Kernels = {
    stepCapacity: 8,
    runSteps: (group) => {
      steps.push(...group);
      return Promise.resolve(group.map(() => ({ loss: 1, gradientNorm: 1 })));
    },
    evaluate: (windows) => {
      // Both arithmetics have the same loss at a step.
      if (steps.length !== evaluatedAt) [current = 0] = validLosses.splice(0, 1);
      evaluatedAt = steps.length;
      const targets = windows.reduce(
        (sum, { tokens, scoreFrom }) => sum + tokens.length - 1 - scoreFrom,
        0,
      );
      const nats = new Float64Array(windows.length);
      nats[0] = current * targets;
      return Promise.resolve(nats);
    },
    readParameters: () => Promise.resolve(marker()),
    writeParameters: (weights) => {
      written = String(weights.get('step')?.[0]);
      return Promise.resolve();
    },
    readMoments: () => Promise.resolve({ first: new Map(), second: new Map() }),
    writeMoments: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
  };
  return { kernels, steps, clock: () => steps.length, restored: () => written };
}

async function runScript(
  training: Partial<ModelConfig['training']>,
  validLosses: number[] = [],
  awareShare = 0,
) {
  const script = scripted(validLosses);
  const records: MetricsRecord[] = [];
  const checkpoints: number[] = [];
  const result = await trainLoop(script.kernels, {
    config: configOf(base, { batch: 2, context: 8, ...training }, awareShare),
    tokens: { train: Uint16Array.of(0, 1, 2, 3), valid: Uint16Array.of(1, 2, 0), endOfText: 0 },
    state: freshState,
    clock: script.clock,
    onMetrics: (record) => records.push(record),
    onCheckpoint: (state) => {
      checkpoints.push(state.steps);
      return Promise.resolve();
    },
  });
  return { ...script, result, records, checkpoints };
}

test('evaluates and writes checkpoints at their intervals and at the end', async () => {
  const { records, checkpoints } = await runScript({
    steps: 10,
    evaluate_every: 4,
    checkpoint_every: 3,
  });
  const evaluated = records.filter(({ valid_loss }) => valid_loss !== undefined);
  expect(evaluated.map(({ step }) => step)).toEqual([4, 8, 10]);
  expect(checkpoints).toEqual([3, 6, 9, 10]);
});

test('keeps the weights of the best evaluation when it ends', async () => {
  const { result, restored } = await runScript({ steps: 20, evaluate_every: 5 }, [3, 2, 2.5, 2.1]);
  expect(result).toMatchObject({ stopped: 'done', keptStep: 10, state: { validLoss: 2 } });
  expect(restored()).toBe('10');
});

test('keeps the last weights when they are the best', async () => {
  const { result, restored } = await runScript({ steps: 20, evaluate_every: 5 }, [3, 2, 2.5, 1.75]);
  expect(result).toMatchObject({ stopped: 'done', keptStep: 20, state: { validLoss: 1.75 } });
  expect(restored()).toBeUndefined();
});

test('stops early and restores the best weights', async () => {
  const { result, restored } = await runScript(
    { steps: 100, evaluate_every: 5, early_stopping: 2 },
    [3, 2, 2.5, 2.1, 1],
  );
  expect(result).toMatchObject({ stopped: 'early', state: { steps: 20, validLoss: 2 } });
  expect(restored()).toBe('10');
});

test('losses before and with quantisation do not compare', async () => {
  const { result } = await runScript(
    { steps: 40, evaluate_every: 10, early_stopping: 1 },
    [3, 1, 2, 1.9],
    0.3,
  );
  expect(result).toMatchObject({ stopped: 'done', state: { steps: 40 } });
  expect(result.state.validLoss).toBeCloseTo(1.9, 9);
});

test('quantised steps are the last share of the budget', async () => {
  const { steps } = await runScript({ steps: 20 }, [], 0.25);
  expect(steps.map(({ arithmetic }) => arithmetic)).toEqual(
    Array.from({ length: 20 }, (_, i) => (i >= 15 ? 'device' : 'float')),
  );
});

test('a budget in minutes ends by the clock, one in epochs by the data', async () => {
  const { result } = await runScript({ minutes: 0.5 });
  expect(result.state.steps).toBe(30);
  const epochs = await runScript({ epochs: 16 });
  expect(epochs.result.state.steps).toBe(4);
});
