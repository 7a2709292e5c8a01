import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseModel } from '../../../src/core/model/parse';
import { catchUp } from '../../../src/node/run/catch-up';
import { loadModel, runFolder, type RunFolder } from '../../../src/node/run/folder';

const trained = `{
  "version": 1, // as trained
  "name": "demo",
  "architecture": { "vocab_size": 512, "dim": 32, "hidden_dim": 64, "n_layers": 1, "n_heads": 2, "max_seq_len": 64 },
  "target": { "clock_mhz": 125 }
}
`;

let run: RunFolder;

beforeEach(async () => {
  run = runFolder(await mkdtemp(join(tmpdir(), 'starmind-catch-up-')));
  await writeFile(run.model, trained);
});

afterEach(() => rm(run.path, { recursive: true }));

function config(text: string) {
  const { value } = parseModel(text, 'demo');
  if (!value) throw new Error('The model is invalid.');
  return value;
}

test('a run that agrees with its model.json stays as it is', async () => {
  expect(await catchUp(run, join(run.path, '..', 'model.json'), config(trained))).toEqual([]);
  expect(await readFile(run.model, 'utf8')).toBe(trained);
});

test('a changed target is copied without training', async () => {
  const now = config(trained.replace('"clock_mhz": 125', '"clock_mhz": 200, "temperature": 0.5'));
  expect(await catchUp(run, join(run.path, '..', 'model.json'), now)).toEqual([]);
  expect((await loadModel(run.model)).config.target).toEqual(now.target);
  expect(await readFile(run.model, 'utf8')).toContain('// as trained');
});

test('changes that need a training are named', async () => {
  const now = config(
    trained
      .replace('"dim": 32', '"dim": 40')
      .replace('"target"', '"training": { "steps": 7 }, "target"'),
  );
  expect(await catchUp(run, join(run.path, '..', 'model.json'), now)).toEqual([
    'architecture',
    'training',
  ]);
  expect(await readFile(run.model, 'utf8')).toBe(trained);
});
