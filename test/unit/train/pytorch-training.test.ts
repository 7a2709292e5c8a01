import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Kernels, KernelsFactory } from '../../../src/core/train/kernels';
import { checkpointPath, readCheckpoint } from '../../../src/node/train/checkpoint';
import { processesVariable } from '../../../src/node/train/pytorch/launch';
import {
  pythonCandidates,
  pythonVariable,
  requireTorch,
} from '../../../src/node/train/pytorch/python';
import { TorchKernels } from '../../../src/node/train/pytorch/torch-kernels';
import { readResumePoint, resumePath } from '../../../src/node/train/resume-file';
import { trainRun, type TrainOptions } from '../../../src/node/train/train-model';
import { createWasmKernels } from '../../../src/node/train/wasm-kernels';
import { torchForTests } from '../../support/torch';
import { base, configOf, randomTokens, randomWeights } from './models';

const torch = await torchForTests();

const architecture = { ...base, n_layers: 1, max_seq_len: 16 };

/** Documents that count upwards: easy to learn. */
const counting = Uint16Array.from({ length: 1100 }, (_, i) => i % base.vocab_size);

const training = { batch: 5, context: 16, learning_rate: 0.02, evaluate_every: 10, steps: 40 };
const config = configOf(architecture, { ...training, checkpoint_every: 10 });

let runFolder: string;

beforeEach(async () => {
  runFolder = await mkdtemp(join(tmpdir(), 'starmind-pytorch-'));
});

afterEach(() => rm(runFolder, { recursive: true, force: true }));

function run(more: Partial<TrainOptions>) {
  return trainRun({
    config,
    modelText: '{}',
    runFolder,
    tokens: { train: counting, valid: counting.subarray(0, 110), endOfText: 0 },
    threads: 1,
    ...more,
  });
}

/** Makes kernels in PyTorch, and shows them to the test. */
function torchFactory(onMade: (kernels: TorchKernels) => void = () => undefined): KernelsFactory {
  return async (options) => {
    if (!torch) throw new Error('This test should have been left out.');
    const kernels = await TorchKernels.create(torch, options);
    onMade(kernels);
    return kernels;
  };
}

/** Trains until half of the steps with one engine, and goes on with another. */
async function inTwoParts(first: KernelsFactory, second: KernelsFactory) {
  const stop = new AbortController();
  const part = await run({
    createKernels: first,
    signal: stop.signal,
    onMetrics: ({ step }) => step >= 20 && stop.abort(),
  });
  expect(part.stopped).toBe('interrupted');
  expect(part.steps).toBeLessThan(40);
  const checkpoint = await readCheckpoint(checkpointPath(runFolder), architecture);
  expect(checkpoint.step).toBe(part.steps);
  const from = await readResumePoint(resumePath(runFolder), architecture);
  return run({ createKernels: second, from });
}

test.skipIf(!torch)('a checkpoint of one engine continues in the other', async () => {
  const whole = await run({ createKernels: createWasmKernels });
  // A model that has learnt nothing has 2.4.
  expect(whole.valid_loss).toBeLessThan(1.5);
  for (const engines of [
    [torchFactory(), createWasmKernels],
    [createWasmKernels, torchFactory()],
  ] as const) {
    const rest = await inTwoParts(...engines);
    expect(rest).toMatchObject({ steps: 40, stopped: 'done' });
    expect(rest.valid_loss).toBeCloseTo(whole.valid_loss ?? NaN, 3);
    expect(distance(rest.weights, whole.weights)).toBeLessThan(2e-3);
  }
});

test.skipIf(!torch)('a killed Python leaves the last checkpoint and says what to do', async () => {
  let kernels: TorchKernels | undefined;
  const training = run({
    createKernels: torchFactory((made) => (kernels = made)),
    onMetrics: ({ step }) => {
      if (step >= 20 && kernels?.pid !== undefined) process.kill(kernels.pid, 'SIGKILL');
    },
  });
  await expect(training).rejects.toMatchObject({
    code: 'training.engine-died',
    message: expect.stringContaining('SIGKILL') as string,
    remedy: expect.stringContaining('--resume') as string,
  });
  const { step } = await readCheckpoint(checkpointPath(runFolder), architecture);
  expect(step).toBeGreaterThanOrEqual(10);
  const from = await readResumePoint(resumePath(runFolder), architecture);
  expect(await run({ createKernels: createWasmKernels, from })).toMatchObject({ steps: 40 });
});

test.skipIf(!torch)('Ctrl+C and errors do not end the program in Python', async () => {
  const options = { architecture, batch: 1, context: 16, threads: 1 };
  const kernels = (await torchFactory()(options)) as TorchKernels;
  try {
    process.kill(kernels.pid ?? NaN, 'SIGINT');
    await kernels.writeParameters(randomWeights(architecture));
    // More tokens than a step has.
    const step = { number: 1, learningRate: 0.1, arithmetic: 'float' as const };
    await expect(kernels.runSteps([{ ...step, tokens: counting }])).rejects.toMatchObject({
      code: 'training.engine-failed',
    });
    expect(await kernels.readParameters()).toEqual(randomWeights(architecture));
  } finally {
    await kernels.dispose();
  }
});

/** Three steps, and an evaluation between them. */
async function steps(kernels: Kernels) {
  try {
    await kernels.writeParameters(randomWeights(architecture));
    const step = (number: number) => ({
      ...({ number, learningRate: 0.01, arithmetic: number > 1 ? 'device' : 'float' } as const),
      tokens: randomTokens(5 * 17, base.vocab_size, number),
    });
    const results = await kernels.runSteps([step(1), step(2)]);
    const windows = Array.from({ length: 7 }, (_, i) => ({
      tokens: counting.subarray(i, i + 4 + i),
      scoreFrom: i % 3,
    }));
    const nats = await kernels.evaluate(windows, 'float');
    results.push(...(await kernels.runSteps([step(3)])));
    return { nats, results, weights: await kernels.readParameters() };
  } finally {
    await kernels.dispose();
  }
}

test.skipIf(!torch)('two processes train as one does', async () => {
  if (!torch) return;
  const options = { architecture, batch: 5, context: 16, threads: 1, gradientClip: 1 };
  const env = (processes: string) => ({ ...process.env, [processesVariable]: processes });
  const one = await steps(await TorchKernels.create(torch, options, env('1')));
  const two = await steps(await TorchKernels.create(torch, options, env('2')));
  two.nats.forEach((nats, i) => expect(nats).toBeCloseTo(one.nats[i] ?? NaN, 5));
  two.results.forEach(({ loss, gradientNorm }, i) => {
    expect(loss).toBeCloseTo(one.results[i]?.loss ?? NaN, 5);
    expect(gradientNorm).toBeCloseTo(one.results[i]?.gradientNorm ?? NaN, 4);
  });
  expect(distance(two.weights, one.weights)).toBeLessThan(1e-5);
  await expect(TorchKernels.create(torch, options, env('many'))).rejects.toMatchObject({
    code: 'training.processes',
  });
});

test('the Python that the user names is the only one; without PyTorch the remedy is exact', async () => {
  expect(pythonCandidates(runFolder, { [pythonVariable]: 'mine' })).toEqual(['mine']);
  const found = pythonCandidates(runFolder, {});
  expect(found.slice(0, 2)).toEqual(['python3', 'python']);
  await expect(
    requireTorch(runFolder, { [pythonVariable]: join(runFolder, 'none') }),
  ).rejects.toMatchObject({
    code: 'tool.torch',
    exitCode: 3,
    message: expect.stringContaining(join(runFolder, 'none')) as string,
    remedy: expect.stringContaining('apt install python3-torch libopenblas0-pthread') as string,
  });
});

/** Largest difference of two maps of tensors. */
function distance(
  a: ReadonlyMap<string, Float32Array>,
  b: ReadonlyMap<string, Float32Array>,
): number {
  return Math.max(
    ...[...a].flatMap(([name, values]) =>
      Array.from(values, (value, i) => Math.abs(value - (b.get(name)?.[i] ?? NaN))),
    ),
  );
}
