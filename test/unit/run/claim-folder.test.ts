import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { initialWeights } from '../../../src/core/train/initialise';
import { claimFolder, isInput, requireClaimable } from '../../../src/node/run/claim-folder';
import { runFolder, type RunFolder } from '../../../src/node/run/folder';
import { writeCheckpoint } from '../../../src/node/train/checkpoint';
import { base } from '../train/models';

let run: RunFolder;
const elsewhere = { model: '/elsewhere/model.json', tokenizer: undefined };

beforeEach(async () => {
  run = runFolder(await mkdtemp(join(tmpdir(), 'starmind-run-')));
});

afterEach(() => rm(run.path, { recursive: true, force: true }));

describe('files that no training has made', () => {
  test.each([
    'model.json',
    'tokenizer.json',
    'checkpoint.safetensors',
    'optimizer.safetensors',
    'metrics.jsonl',
    'summary.json',
    'model.img',
  ])('%s keeps the folder from being taken', async (name) => {
    await writeFile(join(run.path, name), "the user's own");
    await expect(requireClaimable(run, elsewhere)).rejects.toMatchObject({
      code: 'run.foreign-files',
      message: expect.stringContaining(name) as string,
      remedy: expect.stringContaining('--out DIR') as string,
    });
  });

  test('a folder called build likewise', async () => {
    await mkdir(run.build);
    await expect(requireClaimable(run, elsewhere)).rejects.toMatchObject({
      code: 'run.foreign-files',
    });
  });

  test('other files and an empty folder are no obstacle', async () => {
    await requireClaimable(run, elsewhere);
    await writeFile(join(run.path, 'notes.txt'), 'mine');
    await requireClaimable(run, elsewhere);
  });

  test('the model.json and the tokenizer of the training may lie there', async () => {
    await writeFile(run.model, '{}');
    await writeFile(run.tokenizer, '{}');
    await requireClaimable(run, { model: run.model, tokenizer: run.tokenizer });
    await expect(
      requireClaimable(run, { model: run.model, tokenizer: undefined }),
    ).rejects.toMatchObject({ message: expect.stringMatching(/: tokenizer\.json\.$/) as string });
  });
});

test.skipIf(process.platform === 'win32')('recognises an input behind a link', async () => {
  await writeFile(run.model, '{}');
  const link = join(run.path, 'link.json');
  await symlink(run.model, link);
  expect(isInput(run.model, { model: link, tokenizer: undefined })).toBe(true);
  expect(isInput(run.tokenizer, { model: link, tokenizer: undefined })).toBe(false);
});

describe('a training may use the folder of a run again', () => {
  test('after it was marked, even when the training was killed before its first checkpoint', async () => {
    await claimFolder(run, elsewhere);
    await writeFile(run.model, '{}');
    await writeFile(run.tokenizer, '{}');
    await requireClaimable(run, elsewhere);
  });

  test('but not for a file of the user that an earlier training worked from', async () => {
    await writeFile(run.model, '{}');
    await writeFile(run.tokenizer, "the user's own");
    await claimFolder(run, { model: run.model, tokenizer: run.tokenizer });
    await writeFile(run.checkpoint, 'half a checkpoint');
    await expect(
      requireClaimable(run, { model: run.model, tokenizer: undefined }),
    ).rejects.toMatchObject({ message: expect.stringMatching(/: tokenizer\.json\.$/) as string });
    await requireClaimable(run, { model: run.model, tokenizer: run.tokenizer });
  });

  test('when an earlier version has trained it, which left no mark', async () => {
    await writeCheckpoint(run.checkpoint, base, {
      weights: initialWeights(base, 1),
      modelText: '{}',
      step: 1,
    });
    await writeFile(run.tokenizer, '{}');
    await requireClaimable(run, elsewhere);
  });

  test('but not when the checkpoint is of another program', async () => {
    await writeCheckpoint(run.checkpoint, base, {
      weights: initialWeights(base, 1),
      modelText: undefined,
      step: 1,
    });
    await expect(requireClaimable(run, elsewhere)).rejects.toMatchObject({
      code: 'run.foreign-files',
    });
  });
});

test('removes half-written files of a killed training, and nothing else', async () => {
  const uuid = randomUUID();
  const kept = ['notes.tmp', `notes.txt.${uuid}.tmp`, 'checkpoint.safetensors.tmp', 'model.tmp'];
  const gone = ['checkpoint.safetensors', 'model.json', '.owner.json'].map(
    (name) => `${name}.${uuid}.tmp`,
  );
  for (const name of [...kept, ...gone]) await writeFile(join(run.path, name), 'half');
  await claimFolder(run, elsewhere);
  expect((await readdir(run.path)).sort()).toEqual([...kept, '.starmind-run'].sort());
  expect(await readFile(join(run.path, 'notes.tmp'), 'utf8')).toBe('half');
});
