import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ModelConfig } from '../../../src/core/model/config';
import { initialWeights } from '../../../src/core/train/initialise';
import { planWindows } from '../../../src/core/train/windows';
import {
  checkpointPath,
  readCheckpoint,
  writeCheckpoint,
} from '../../../src/node/train/checkpoint';
import { evaluateWeights } from '../../../src/node/train/evaluate';
import { metricsPath, readMetrics } from '../../../src/node/train/metrics';
import { readResumePoint, resumePath } from '../../../src/node/train/resume-file';
import { createWasmKernels } from '../../../src/node/train/wasm-kernels';
import { trainRun } from '../../../src/node/train/train-model';
import type { TrainOptions } from '../../../src/node/train/train-model';
import { base, configOf } from './models';

const architecture = { ...base, n_layers: 1, max_seq_len: 16 };

/** Documents that count upwards: easy to learn. */
const counting = Uint16Array.from({ length: 1100 }, (_, i) => i % base.vocab_size);

let runFolder: string;

beforeEach(async () => {
  runFolder = await mkdtemp(join(tmpdir(), 'starmind-train-'));
});

afterEach(() => rm(runFolder, { recursive: true, force: true }));

function configWith(training: Partial<ModelConfig['training']>, awareShare = 0): ModelConfig {
  return configOf(
    architecture,
    { batch: 4, context: 16, learning_rate: 0.02, evaluate_every: 20, ...training },
    awareShare,
  );
}

function run(config: ModelConfig, more: Partial<TrainOptions> = {}) {
  return trainRun({
    config,
    modelText: '{"name": "counting ☺"}',
    runFolder,
    tokens: { train: counting, valid: counting.subarray(0, 110), endOfText: 0 },
    threads: 2,
    ...more,
  });
}

test('the loss falls, metrics and checkpoint are written', async () => {
  const result = await run(configWith({ steps: 60 }, 0.2));
  expect(result).toMatchObject({ steps: 60, tokens: 60 * 64, stopped: 'done' });
  expect(result.train_loss).toBeLessThan(1);
  expect(result.valid_loss).toBeLessThan(0.7);
  expect(result.tokens_per_second).toBeGreaterThan(0);

  const records = readMetrics(metricsPath(runFolder));
  expect(records.at(-1)).toMatchObject({ step: 60, tokens: 60 * 64 });
  expect(records.filter((record) => record.valid_loss !== undefined)).toHaveLength(3);
  expect(records[0]?.loss).toBeGreaterThan(records.at(-1)?.loss ?? NaN);

  const checkpoint = await readCheckpoint(checkpointPath(runFolder), architecture);
  expect(checkpoint.modelText).toBe('{"name": "counting ☺"}');
  expect(checkpoint.step).toBe(60);
  expect(checkpoint.weights).toEqual(result.weights);

  const windows = planWindows(counting.subarray(0, 110), 0, 16);
  const nats = await evaluateWeights({ architecture, weights: result.weights, windows });
  expect(nats.reduce((sum, value) => sum + value, 0) / 110).toBeLessThan(0.7);
});

test('another engine can provide the kernels, and is released', async () => {
  let disposed = 0;
  const result = await run(configWith({ steps: 3 }), {
    createKernels: async (options) => {
      const kernels = await createWasmKernels({ ...options, threads: 1 });
      const dispose = kernels.dispose.bind(kernels);
      kernels.dispose = () => {
        disposed++;
        return dispose();
      };
      return kernels;
    },
  });
  expect(result.steps).toBe(3);
  expect(disposed).toBe(1);
});

test('zero steps write the initial weights', async () => {
  const config = configWith({ steps: 0 });
  const result = await run(config);
  expect(result).toMatchObject({ steps: 0, train_loss: null, valid_loss: null, stopped: 'done' });
  const { weights } = await readCheckpoint(checkpointPath(runFolder), architecture);
  expect(weights).toEqual(initialWeights(architecture, config.training.seed));
});

describe('resuming', () => {
  test('an interrupted run that is resumed ends as an uninterrupted one', async () => {
    const config = configWith({ steps: 60, evaluate_every: 7, early_stopping: 50 }, 0.3);
    const whole = await run(config);
    const stop = new AbortController();
    const part = await run(config, {
      signal: stop.signal,
      onMetrics: (record) => record.step >= 14 && stop.abort(),
    });
    expect(part.stopped).toBe('interrupted');
    expect(part.steps).toBeLessThan(60);
    const { step } = await readCheckpoint(checkpointPath(runFolder), architecture);
    expect(step).toBe(part.steps);

    const from = await readResumePoint(resumePath(runFolder), architecture);
    const rest = await run(config, { from, threads: 1 });
    expect(rest).toMatchObject({ steps: 60, stopped: 'done', valid_loss: whole.valid_loss });
    expect(rest.weights).toEqual(whole.weights);
    const steps = readMetrics(metricsPath(runFolder)).map((record) => record.step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  test('needs a checkpoint, a whole one, of the same shape', async () => {
    const config = configWith({ steps: 2 });
    const path = resumePath(runFolder);
    const resume = () => readResumePoint(path, architecture);
    await expect(resume()).rejects.toMatchObject({ code: 'checkpoint.missing' });

    await run(config);
    await expect(readResumePoint(path, { ...architecture, dim: 8 })).rejects.toMatchObject({
      code: 'checkpoint.shape',
    });
    await truncate(path, (await stat(path)).size - 10);
    await expect(resume()).rejects.toMatchObject({
      code: 'checkpoint.truncated',
      message: expect.stringContaining('best.model.norm.weight') as string,
    });
    await writeFile(path, await readFile(checkpointPath(runFolder)));
    await expect(resume()).rejects.toMatchObject({ code: 'checkpoint.foreign' });
    await writeFile(path, 'not a checkpoint');
    await expect(resume()).rejects.toMatchObject({ code: 'checkpoint.damaged' });
  });
});

describe('writing fails', () => {
  test('a full disk is named, and the checkpoint before is kept', async () => {
    await run(configWith({ steps: 1 }));
    const path = checkpointPath(runFolder);
    const before = await readFile(path);
    const weights = initialWeights(architecture, 9);
    const full = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    await expect(
      writeCheckpoint(path, architecture, { weights, modelText: '', step: 2 }, full),
    ).rejects.toMatchObject({ code: 'disk.full' });
    expect(await readFile(path)).toEqual(before);
  });

  test('a run folder that is a file', async () => {
    const file = join(runFolder, 'file');
    await writeFile(file, '');
    await expect(run(configWith({ steps: 1 }), { runFolder: file })).rejects.toMatchObject({
      code: 'run.unwritable',
    });
  });
});

test('a learning rate that destroys the model ends the run with a remedy', async () => {
  const config = configWith({ steps: 40, learning_rate: 1e30, warmup_share: 0, gradient_clip: 0 });
  await expect(run(config)).rejects.toMatchObject({
    code: 'training.diverged',
    message: expect.stringMatching(/at step \d+: model\.\S+ has [\d,]+ of its/) as string,
    remedy: expect.not.stringContaining('checkpoint') as string,
  });
});

test('names weights that are not finite, and refuses to read them', async () => {
  const path = checkpointPath(runFolder);
  const weights = initialWeights(architecture, 1);
  weights.get('model.layers.0.mlp.up_proj.weight')![3] = Infinity;
  await writeCheckpoint(path, architecture, { weights, modelText: '', step: 7 });
  await expect(readCheckpoint(path, architecture)).rejects.toMatchObject({
    code: 'checkpoint.not-finite',
    message: expect.stringMatching(
      /after step 7, model\.layers\.0\.mlp\.up_proj\.weight has 1 of its \d+ weights.* \(at 3\) infinite/,
    ) as string,
  });
});

test('bad data are refused', async () => {
  const config = configWith({ steps: 1 });
  const empty = { train: new Uint16Array(), valid: new Uint16Array(), endOfText: 0 };
  await expect(run(config, { tokens: empty })).rejects.toMatchObject({ code: 'data.empty' });
  const stray = { train: Uint16Array.of(1, 11, 0), valid: new Uint16Array(), endOfText: 0 };
  await expect(run(config, { tokens: stray })).rejects.toMatchObject({ code: 'data.token-range' });
});
