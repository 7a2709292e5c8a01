import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultRunFolder, loadModel } from '../../../src/node/run/folder';
import { trainModel } from '../../../src/node/run/train-run';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starmind-project-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Begins a training of a text that is not there. */
async function fail(): Promise<void> {
  const file = join(folder, 'model.json');
  const architecture = { vocab_size: 512, dim: 32, hidden_dim: 64, n_layers: 1, n_heads: 2 };
  const model = { version: 1, name: 'story', architecture, data: { source: 'missing.txt' } };
  await writeFile(
    file,
    JSON.stringify({ ...model, architecture: { ...architecture, max_seq_len: 64 } }),
  );
  const loaded = await loadModel(file);
  const run = defaultRunFolder(file, loaded.config);
  await expect(trainModel(file, loaded, run, { earlier: 'keep' })).rejects.toMatchObject({
    code: expect.stringMatching(/^data\./) as string,
  });
}

test('a training that cannot begin leaves no folder', async () => {
  await fail();
  expect(await readdir(folder)).toEqual(['model.json']);
});

test('folders that were there stay', async () => {
  await mkdir(join(folder, 'runs'));
  await fail();
  expect(await readdir(join(folder, 'runs'))).toEqual([]);
  await mkdir(join(folder, 'runs', 'story'));
  await fail();
  expect(existsSync(join(folder, 'runs', 'story'))).toBe(true);
});
