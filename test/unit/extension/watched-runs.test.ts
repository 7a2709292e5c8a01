import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ToTrainingPage } from '../../../src/core/train/page-messages';
import { WatchedRuns } from '../../../src/extension/training/watched-runs';
import { samplesPath } from '../../../src/node/train/journal';
import { metricsPath } from '../../../src/node/train/metrics';
import { nothingKnown, received } from '../../../webview/training/state';

const record = (step: number) => ({
  ...{ step, tokens: 1, loss: 1, lr: 1, grad_norm: 1, tokens_per_second: 1, seconds: 1 },
});
const sample = (step: number) => ({ step, prompt: 'a', text: 'b' });

const lines = (values: object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

test('the page follows a run through damage, a resume and a new training', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'starmind-watched-runs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const run = join(folder, 'story');
  await mkdir(run);
  let state = nothingKnown;
  const post = (message: ToTrainingPage) => (state = received(state, message));
  const watched = new WatchedRuns('project', folder, 'story', post);
  onTestFinished(() => watched.dispose());
  const steps = () => {
    const course = state.courses.get('story');
    return [course?.records, course?.samples].map((list) => list?.map(({ step }) => step));
  };

  await writeFile(metricsPath(run), `{"step": 1\n${lines([record(1), record(2)])}`);
  await writeFile(samplesPath(run), lines([sample(1), sample(2)]));
  await expect.poll(steps).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(state).toMatchObject({ folder, project: 'project', shown: 'story' });

  // A resumed training keeps its records, and repeats a sample.
  await writeFile(samplesPath(run), lines([sample(1)]));
  await expect.poll(steps).toEqual([[1, 2], [1]]);

  await writeFile(metricsPath(run), lines([record(5)]));
  await expect.poll(steps).toEqual([[5], [1]]);
  await rm(samplesPath(run));
  await expect.poll(steps).toEqual([[5], []]);
});
