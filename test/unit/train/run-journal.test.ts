import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { metricsRecord } from '../../../src/core/train/metrics';
import { LossMeter } from '../../../src/core/train/loss-meter';
import {
  progressPath,
  readProgress,
  readSamples,
  samplesPath,
} from '../../../src/node/train/journal';
import { LineTail } from '../../../src/node/train/line-tail';
import { metricsPath, readMetrics } from '../../../src/node/train/metrics';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starmind-journal-'));
});

afterEach(() => rm(folder, { recursive: true }));

const record = {
  ...{ step: 20, tokens: 640, loss: 2.5, lr: 0.1, grad_norm: 1, tokens_per_second: 64 },
  ...{ seconds: 10, valid_loss: 2.75 },
};
const later = { ...record, step: 40 };
const damaged = ['{"step": 3', '[]', 'null', '{"step": "20"}'];

const linesOf = (...values: object[]) => values.map((value) => JSON.stringify(value));

test('damaged lines of records are left out, and losses that are no numbers', async () => {
  const unmeasured = { ...later, valid_loss: null, valid_loss_device: 'x' };
  const lines = [...linesOf(record), ...damaged, ...linesOf(unmeasured)];
  await writeFile(metricsPath(folder), `${lines.join('\n')}\n{"step": 60`);
  const { valid_loss: _, ...measured } = later;
  expect(readMetrics(metricsPath(folder))).toEqual([record, measured]);
});

test('damaged lines of samples are left out', async () => {
  const samples = [20, 40].map((step) => ({ step, prompt: 'a', text: 'b' }));
  const [first, last] = linesOf(...samples);
  await writeFile(samplesPath(folder), [first, ...damaged, last, ''].join('\n'));
  expect(readSamples(folder)).toEqual(samples);
});

test.each([{ phase: 'asleep' }, { share: null }, { message: 1 }])(
  'progress with %j is none',
  async (change) => {
    const progress = { phase: 'ended', message: 'over', share: 1 };
    await writeFile(progressPath(folder), JSON.stringify(progress));
    expect(readProgress(folder)).toEqual(progress);
    await writeFile(progressPath(folder), JSON.stringify({ ...progress, ...change }));
    expect(readProgress(folder)).toBeUndefined();
  },
);

test('a tail goes on behind a damaged line, and says when the file is another', async () => {
  const path = metricsPath(folder);
  const tail = new LineTail(path, metricsRecord);
  expect(tail.read()).toEqual({ lines: [], isWhole: true });
  expect(tail.read()).toEqual({ lines: [], isWhole: false });
  const [first = '', last = ''] = linesOf(record, later);
  await writeFile(path, `${damaged[0]}\n${first}\n`);
  expect(tail.read()).toEqual({ lines: [record], isWhole: false });
  await writeFile(path, `${damaged[0]}\n${first}\n${damaged[0]}\n${last}\n`);
  expect(tail.read()).toEqual({ lines: [later], isWhole: false });
  await writeFile(path, `${last}\n`);
  expect(tail.read()).toEqual({ lines: [later], isWhole: true });
  await rm(path);
  expect(tail.read()).toEqual({ lines: [], isWhole: true });
});

test('a held-out loss that nothing was measured for is not recorded', () => {
  const meter = new LossMeter();
  meter.add([{ loss: 2, gradientNorm: 1 }], 0.1, 32, 1);
  const made = meter.takeRecord({ steps: 1, tokens: 32, seconds: 1 }, { float: NaN, device: NaN });
  expect(Object.keys(made ?? {})).not.toContain('valid_loss');
  expect(Object.keys(made ?? {})).not.toContain('valid_loss_device');
});
