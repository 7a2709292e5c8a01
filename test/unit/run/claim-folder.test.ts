import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { initialWeights } from '../../../src/core/train/initialise';
import {
  claimFolder,
  isInput,
  replaceModel,
  requireClaimable,
} from '../../../src/node/run/claim-folder';
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
    await requireClaimable(run, elsewhere);
    await writeFile(join(run.build, 'report.json'), "the user's own");
    for (const marked of [false, true]) {
      if (marked) await claimFolder(run, new Map());
      await expect(requireClaimable(run, elsewhere)).rejects.toMatchObject({
        message: expect.stringMatching(/: build\.$/) as string,
      });
    }
    await writeFile(join(run.build, 'starmind.elf'), 'of a build');
    await requireClaimable(run, elsewhere);
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
  const written = () =>
    new Map([
      [run.model, '{"name": "new"}'],
      [run.tokenizer, '{"new": 1}'],
    ]);

  test('after it was marked, even when the training was killed before its first checkpoint', async () => {
    await claimFolder(run, written());
    await requireClaimable(run, elsewhere);
    for (const [file, content] of written()) {
      await writeFile(file, content);
      await requireClaimable(run, elsewhere);
    }
    await writeFile(run.checkpoint, 'half a checkpoint');
    await writeFile(run.summary, '{}');
    await requireClaimable(run, elsewhere);
  });

  test('also when it was killed between its mark and its files', async () => {
    await claimFolder(run, new Map([[run.model, 'old']]));
    await writeFile(run.model, 'old');
    await claimFolder(run, written());
    await requireClaimable(run, elsewhere);
    // The model.json may be an input now, and again none later.
    await claimFolder(run, new Map());
    await requireClaimable(run, elsewhere);
  });

  test('but not for a file of the user that an earlier training worked from', async () => {
    await writeFile(run.model, '{}');
    await writeFile(run.tokenizer, "the user's own");
    await claimFolder(run, new Map());
    await writeFile(run.checkpoint, 'half a checkpoint');
    await expect(
      requireClaimable(run, { model: run.model, tokenizer: undefined }),
    ).rejects.toMatchObject({ message: expect.stringMatching(/: tokenizer\.json\.$/) as string });
    await requireClaimable(run, { model: run.model, tokenizer: run.tokenizer });
  });

  test('but not for a file that was put there, or changed, since', async () => {
    await claimFolder(run, written());
    await writeFile(run.tokenizer, "the user's own");
    await expect(requireClaimable(run, elsewhere)).rejects.toMatchObject({
      message: expect.stringMatching(/: tokenizer\.json\.$/) as string,
    });
  });

  test('with a model.json that Starmind has brought up to date', async () => {
    await claimFolder(run, written());
    await writeFile(run.model, '{"name": "new"}');
    await replaceModel(run, '{"name": "new", "target": {}}');
    expect(await readFile(run.model, 'utf8')).toContain('target');
    await requireClaimable(run, elsewhere);
    // One that the user has changed stays the user's.
    await writeFile(run.model, 'mine');
    await replaceModel(run, 'mine, brought up to date');
    await expect(requireClaimable(run, elsewhere)).rejects.toMatchObject({
      code: 'run.foreign-files',
    });
  });

  test('but not by the mark of an earlier version alone', async () => {
    await writeFile(join(run.path, '.starmind-run'), 'A run of starmind train.\n');
    await requireClaimable(run, elsewhere);
    await writeFile(run.tokenizer, "the user's own");
    await expect(requireClaimable(run, elsewhere)).rejects.toMatchObject({
      code: 'run.foreign-files',
    });
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
  await claimFolder(run, new Map());
  expect((await readdir(run.path)).sort()).toEqual([...kept, '.starmind-run'].sort());
  expect(await readFile(join(run.path, 'notes.tmp'), 'utf8')).toBe('half');
});
