import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { initialWeights } from '../../../src/core/train/initialise';
import { clearResults, keepEarlier } from '../../../src/node/run/earlier-run';
import { requireRun, runFolder, type RunFolder } from '../../../src/node/run/folder';
import { writeCheckpoint } from '../../../src/node/train/checkpoint';
import { base } from '../train/models';

const trainedModel = '{"name": "as it was trained"}';

let folder: string;
let run: RunFolder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starmind-run-'));
  run = await finishedRun(join(folder, 'story'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function finishedRun(path: string): Promise<RunFolder> {
  const made = runFolder(path);
  await mkdir(made.build, { recursive: true });
  const checkpoint = { weights: initialWeights(base, 1), modelText: trainedModel, step: 1 };
  await writeCheckpoint(made.checkpoint, base, checkpoint);
  await writeFile(made.model, '{"name": "changed since"}');
  await writeFile(made.tokenizer, 'tokenizer');
  await writeFile(made.image, 'image');
  await writeFile(join(path, 'metrics.jsonl'), 'metrics');
  await writeFile(join(path, 'progress.json'), 'progress');
  return made;
}

const keptFiles = [
  'checkpoint.safetensors',
  'metrics.jsonl',
  'model.img',
  'model.json',
  'progress.json',
  'tokenizer.json',
];

test('a run is kept under the next number, with the model.json that it was trained from', async () => {
  await mkdir(`${run.path}-1`);
  const kept = await keepEarlier(run);
  expect(kept).toBe(`${run.path}-2`);
  expect(await readdir(kept!)).toEqual(keptFiles);
  expect(await readFile(join(kept!, 'model.json'), 'utf8')).toBe(trainedModel);
  expect(await readFile(join(kept!, 'tokenizer.json'), 'utf8')).toBe('tokenizer');
  expect(await readFile(run.model, 'utf8')).toContain('changed since');
  expect((await readdir(folder)).sort()).toEqual(['story', 'story-1', 'story-2']);

  await clearResults(run);
  expect((await readdir(run.path)).sort()).toEqual(['build', 'model.json', 'tokenizer.json']);
  // Until the new training has saved something, the name leads to the earlier run.
  await rm(`${run.path}-1`, { recursive: true });
  await finishedRun(`${run.path}-1`);
  expect(() => requireRun(run.path)).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining(kept!) as string }),
  );
});

test('without a checkpoint there is nothing to keep', async () => {
  await rm(run.checkpoint);
  expect(await keepEarlier(run)).toBeUndefined();
  expect(await readdir(folder)).toEqual(['story']);
});

test('a run that cannot be copied whole stays as it was, and nothing is left beside it', async () => {
  await rm(run.image);
  await mkdir(run.image);
  await expect(keepEarlier(run)).rejects.toMatchObject({ code: 'run.unwritable' });
  expect(await readdir(folder)).toEqual(['story']);
  expect((await readdir(run.path)).sort()).toEqual([...keptFiles, 'build'].sort());
});

test('files of an interrupted copy do not get into the next', async () => {
  const unfinished = `${run.path}.${randomUUID()}.tmp`;
  await mkdir(unfinished);
  await writeFile(join(unfinished, 'summary.json'), 'of another run');
  expect(await readdir((await keepEarlier(run))!)).toEqual(keptFiles);
  expect(existsSync(unfinished)).toBe(false);
});

test('a run whose name resembles a temporary file stays', async () => {
  const other = await finishedRun(`${run.path}.tmp`);
  await keepEarlier(run);
  expect(existsSync(other.checkpoint)).toBe(true);
});

test('names a place beside the run where no folder can be made, with a remedy', async () => {
  // A name of 255 bytes cannot get another suffix, not even as root.
  const long = await finishedRun(join(folder, 'x'.repeat(255)));
  await expect(keepEarlier(long)).rejects.toMatchObject({
    code: 'run.unkept',
    remedy: expect.stringContaining('--out') as string,
  });
  expect(existsSync(long.checkpoint)).toBe(true);
});

test.skipIf(process.platform === 'win32')('a run behind a link is kept where it lies', async () => {
  const link = join(folder, 'elsewhere', 'link');
  await mkdir(join(folder, 'elsewhere'));
  await symlink(run.path, link);
  expect(await keepEarlier(runFolder(link))).toBe(`${run.path}-1`);
  expect(await readdir(join(folder, 'elsewhere'))).toEqual(['link']);
});

test('a damaged checkpoint is kept too, with the model.json beside it', async () => {
  await truncate(run.checkpoint, 20);
  const kept = await keepEarlier(run);
  expect(await readdir(kept!)).toEqual(keptFiles);
  expect(await readFile(join(kept!, 'model.json'), 'utf8')).toContain('changed since');
});
