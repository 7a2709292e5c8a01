import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLlama2cTokenizer } from '../../../src/core/import/llama2c-tokenizer';
import { writeHuggingFace } from '../../../src/core/tokenizer/hf-write';
import { askTraining, requestPath, Requests } from '../../../src/node/train/requests';
import {
  defaultRunFolder,
  loadModel,
  runFolder,
  type RunFolder,
} from '../../../src/node/run/folder';
import { trainModel, type TrainingSummary } from '../../../src/node/run/train-run';
import { readProgress, readSamples } from '../../../src/node/train/journal';
import { metricsPath, readMetrics } from '../../../src/node/train/metrics';
import { tinyVocabulary, tokenizerBin } from '../import/tiny-vocabulary';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starmind-watched-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const pieces = tinyVocabulary();
const words = ['red', 'blue', 'green', 'small', 'big', 'cat', 'dog', 'bird'];

/** A small model of a small text, whose training is long enough to be interrupted. */
async function begin(
  training: object,
  { vocab_size = 64, tokenizer = { type: 'char' } as object, out = '' } = {},
): Promise<{ run: RunFolder; done: Promise<TrainingSummary> }> {
  const lines = Array.from({ length: 400 }, (_, i) =>
    [3, 5, 7, 11].map((step) => words[(i * step) % words.length]).join(' '),
  );
  await writeFile(join(folder, 'text.txt'), lines.join('\n<|endoftext|>\n'));
  const file = join(folder, 'model.json');
  const model = {
    version: 1,
    name: 'story',
    architecture: {
      ...{ vocab_size, dim: 16, hidden_dim: 32, n_layers: 1, n_heads: 2, max_seq_len: 32 },
    },
    tokenizer,
    data: { source: 'text.txt', validation_share: 0.1 },
    training: { batch: 4, evaluate_every: 20, checkpoint_every: 50, ...training },
  };
  await writeFile(file, JSON.stringify(model));
  const loaded = await loadModel(file);
  const run = out === '' ? defaultRunFolder(file, loaded.config) : runFolder(out);
  const done = trainModel(file, loaded, run, { earlier: 'keep' });
  // A test that looks at the run first must not leave its failure unhandled.
  done.catch(() => {});
  return { run, done };
}

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('It has not happened within 20 seconds.');
    await wait(10);
  }
}

const phaseOf = (run: RunFolder) => readProgress(run.path)?.phase;

test('a training says what it does, and speaks at each evaluation', async () => {
  const { run, done } = await begin({ steps: 60 });
  const summary = await done;
  expect(readProgress(run.path)).toMatchObject({
    phase: 'ended',
    message: 'trained to the end',
    share: 1,
  });
  const samples = readSamples(run.path);
  expect(samples.map(({ step }) => step)).toEqual([20, 40, 60]);
  for (const { prompt, text } of samples) {
    expect(prompt).not.toBe('');
    expect(text).not.toBe('');
  }
  const evaluated = readMetrics(metricsPath(run.path)).filter((record) => record.valid_loss);
  expect(evaluated.map(({ step }) => step)).toEqual([20, 40, 60]);
  for (const { valid_loss, valid_loss_device } of evaluated) {
    expect(valid_loss_device).not.toBe(valid_loss);
    expect(Math.abs((valid_loss_device ?? NaN) - (valid_loss ?? NaN))).toBeLessThan(0.1);
  }
  const nats = evaluated.at(-1)?.valid_loss ?? NaN;
  const bits = nats / Math.LN2 / (readProgress(run.path)?.bytes_per_token ?? NaN);
  expect(bits).toBeCloseTo(summary.bits_per_byte?.float ?? NaN, 3);
});

test('the prompt of a sample has no space that a SentencePiece tokenizer puts before it', async () => {
  const tokenizer = readLlama2cTokenizer(tokenizerBin(pieces), pieces.length).value!;
  await writeFile(join(folder, 'pieces.json'), writeHuggingFace(tokenizer));
  const { run, done } = await begin(
    { steps: 20 },
    { vocab_size: pieces.length, tokenizer: { path: 'pieces.json' } },
  );
  await done;
  const [sample] = readSamples(run.path);
  expect(sample?.prompt).toMatch(/^[a-z]/);
});

test('a paused training waits, and goes on', async () => {
  const { run, done } = await begin({ steps: 1_000_000 });
  await until(() => phaseOf(run) === 'training');
  await askTraining(run.path, 'pause');
  await until(() => phaseOf(run) === 'paused');
  const records = readMetrics(metricsPath(run.path)).length;
  await wait(1500);
  expect(readMetrics(metricsPath(run.path))).toHaveLength(records);
  await askTraining(run.path, 'go-on');
  await until(() => readMetrics(metricsPath(run.path)).length > records);
  await askTraining(run.path, 'stop');
  expect((await done).stopped).toBe('ended');
});

test('the clock of a budget stands still in a pause', async () => {
  const seen: boolean[] = [];
  const requests = new Requests(folder, (isPaused) => seen.push(isPaused));
  const start = { real: performance.now() / 1000, counted: requests.clock() };
  await askTraining(folder, 'pause');
  const answer = requests.answer(undefined);
  await wait(500);
  await askTraining(folder, 'go-on');
  expect(await answer).toBe('go-on');
  expect(seen).toEqual([true, false]);
  const real = performance.now() / 1000 - start.real;
  const counted = requests.clock() - start.counted;
  expect(real - counted).toBeGreaterThan(0.4);
});

test('a training that is stopped keeps and measures what it has learnt', async () => {
  const { run, done } = await begin({ steps: 1_000_000 });
  await until(() => phaseOf(run) === 'training');
  await askTraining(run.path, 'stop');
  const summary = await done;
  expect(summary.stopped).toBe('ended');
  expect(summary.steps).toBeGreaterThan(0);
  expect(summary.bits_per_byte?.device).toBeGreaterThan(0);
  expect(await readdir(run.path)).toContain('checkpoint.safetensors');
  expect(readProgress(run.path)).toMatchObject({ phase: 'ended', message: 'stopped by the user' });
});

test('a training that is stopped while it is paused keeps what it has learnt', async () => {
  const { run, done } = await begin({ steps: 1_000_000 });
  await until(() => phaseOf(run) === 'training');
  await askTraining(run.path, 'pause');
  await until(() => phaseOf(run) === 'paused');
  await askTraining(run.path, 'stop');
  expect((await done).stopped).toBe('ended');
});

test('a training that is discarded leaves nothing of itself, and what the user has there', async () => {
  const { run, done } = await begin({ steps: 1_000_000 });
  await until(() => phaseOf(run) === 'training');
  await writeFile(join(run.path, 'notes.txt'), 'mine');
  await askTraining(run.path, 'discard');
  await expect(done).rejects.toMatchObject({ code: 'training.discarded' });
  expect(await readdir(run.path)).toEqual(['notes.txt']);
});

test('the training before one that is discarded is put back', async () => {
  const { run, done } = await begin({ steps: 20 });
  await done;
  const again = await begin({ steps: 1_000_000 });
  await until(() => phaseOf(run) === 'training');
  await askTraining(run.path, 'discard');
  await expect(again.done).rejects.toMatchObject({ code: 'training.discarded' });
  expect(await readdir(join(run.path, '..'))).toEqual(['story']);
  expect(await readdir(run.path)).toContain('checkpoint.safetensors');
});

test('a model.json of the user is not replaced by the one of an earlier training', async () => {
  const first = await begin({ steps: 20 }, { out: folder });
  await first.done;
  const again = await begin({ steps: 1_000_000, seed: 2 }, { out: folder });
  await until(() => phaseOf(again.run) === 'training');
  await askTraining(folder, 'discard');
  await expect(again.done).rejects.toMatchObject({ code: 'training.discarded' });
  expect(await readFile(join(folder, 'model.json'), 'utf8')).toContain('"seed":2');
  expect(await readdir(folder)).toContain('checkpoint.safetensors');
});

test('a request of yesterday is not for the training of today', async () => {
  const { run, done } = await begin({ steps: 20 });
  await done;
  await writeFile(requestPath(run.path), 'stop\n');
  const next = await begin({ steps: 40 });
  expect(await next.done).toMatchObject({ steps: 40, stopped: 'done' });
});
