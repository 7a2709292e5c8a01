import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findPreset } from '../../../src/core/model/presets';
import { runFolder, type RunFolder } from '../../../src/node/run/folder';
import { RememberedFile } from '../../../src/node/run/remembered-file';
import { RunList } from '../../../src/node/run/run-list';
import { progressPath } from '../../../src/node/train/journal';
import { metricsPath } from '../../../src/node/train/metrics';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starmind-runs-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function madeRun(name: string, summary?: object): Promise<RunFolder> {
  const run = runFolder(join(folder, name));
  await mkdir(run.path);
  await writeFile(run.checkpoint, 'weights');
  await writeFile(run.model, JSON.stringify(findPreset('demo')?.file));
  if (summary) await writeFile(run.summary, JSON.stringify(summary));
  return run;
}

test('an imported run says so, and has no number of steps', async () => {
  await madeRun('stories', { imported: { file: 'stories.bin', format: 'llama2.c' }, tokens: 512 });
  const [facts] = await new RunList(folder).read();
  expect(facts).toMatchObject({ imported: 'llama2.c', steps: 0, quality: undefined });
});

test('a damaged run hides no other, and what its files claim is checked', async () => {
  await madeRun('good', { steps: 200, bits_per_byte: { float: 1.5, device: 1.6 } });
  const strange = await madeRun('strange', { steps: 7, bits_per_byte: 'x' });
  await writeFile(progressPath(strange.path), '{"phase": "ended", "message": {}, "share": "all"}');
  const killed = await madeRun('killed');
  await writeFile(metricsPath(killed.path), '{"step": 1\n[]\n');
  const missing = await madeRun('no-model');
  await writeFile(missing.model, '{');
  // A folder where a file should be.
  await mkdir(metricsPath((await madeRun('folder')).path));
  const runs = await new RunList(folder).read();
  expect(runs.map(({ name, steps, quality }) => [name, steps, quality])).toEqual([
    ['folder', 0, undefined],
    ['good', 200, { float: 1.5, device: 1.6 }],
    ['killed', 0, undefined],
    ['strange', 7, undefined],
  ]);
  expect(runs.at(-1)?.progress).toBeUndefined();
});

test('a run that has not ended has the results of its last evaluation', async () => {
  const { path } = await madeRun('story');
  const progress = { phase: 'training', message: '', share: 0.5, bytes_per_token: 2 };
  await writeFile(progressPath(path), JSON.stringify(progress));
  const record = (step: number, losses: object) =>
    JSON.stringify({
      ...{ step, tokens: 1, loss: 1, lr: 1, grad_norm: 1, tokens_per_second: 1, seconds: 1 },
      ...losses,
    });
  const list = new RunList(folder);
  const first = record(10, { valid_loss: 2 * Math.LN2, valid_loss_device: 4 * Math.LN2 });
  await writeFile(metricsPath(path), `${first}\n`);
  expect(await list.read()).toMatchObject([{ steps: 10, quality: { float: 1, device: 2 } }]);
  await writeFile(metricsPath(path), `${first}\n${record(20, {})}\n`);
  expect(await list.read()).toMatchObject([{ steps: 20, quality: { float: 1, device: 2 } }]);
  // It was trained anew.
  await writeFile(metricsPath(path), `${record(5, {})}\n`);
  expect(await list.read()).toMatchObject([{ steps: 5, quality: undefined }]);
});

test('a file is read anew only when it has changed', async () => {
  const path = join(folder, 'file');
  const understand = vi.fn((text: string) => text);
  const file = new RememberedFile(path, understand);
  expect(file.read()).toBeUndefined();
  await writeFile(path, 'one');
  expect([file.read(), file.read(), file.read()]).toEqual(['one', 'one', 'one']);
  expect(understand).toHaveBeenCalledTimes(1);
  await writeFile(path, 'another');
  expect(file.read()).toBe('another');
  await rm(path);
  expect(file.read()).toBeUndefined();
});
