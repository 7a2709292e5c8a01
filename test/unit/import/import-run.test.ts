import { mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { importRun } from '../../../src/node/import/import-run';
import { runFolder } from '../../../src/node/run/folder';
import { llama2cFile, randomLlama } from './llama2c-file';
import { tinyVocabulary, tokenizerBin } from './tiny-vocabulary';

async function files() {
  const folder = await mkdtemp(join(tmpdir(), 'starmind-import-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const pieces = tinyVocabulary();
  const sizes = { dim: 8, hidden_dim: 8, n_layers: 1, n_heads: 1, n_kv_heads: 1, seq_len: 16 };
  const llama = randomLlama({ ...sizes, vocab_size: pieces.length, shared: true });
  const checkpoint = join(folder, 'checkpoint.safetensors');
  await writeFile(checkpoint, llama2cFile(llama, 1));
  await writeFile(join(folder, 'tokenizer.bin'), tokenizerBin(pieces));
  return { folder, checkpoint };
}

test('a checkpoint is not imported into its own folder', async () => {
  const { folder, checkpoint } = await files();
  const before = await readFile(checkpoint);
  const run = runFolder(folder);
  await expect(importRun(checkpoint, { run })).rejects.toMatchObject({
    code: 'import.same-folder',
  });
  expect((await readdir(folder)).sort()).toEqual(['checkpoint.safetensors', 'tokenizer.bin']);
  expect((await readFile(checkpoint)).equals(before)).toBe(true);
});

test('nor into that of its tokenizer, nor through a link', async () => {
  const { folder, checkpoint } = await files();
  const out = join(folder, 'out');
  await importRun(checkpoint, { run: runFolder(out) });
  const given = { run: runFolder(out), tokenizer: join(out, 'tokenizer.json') };
  await expect(importRun(checkpoint, given)).rejects.toMatchObject({ code: 'import.same-folder' });
  const moved = join(out, 'original.bin');
  await rename(checkpoint, moved);
  await symlink(moved, checkpoint);
  await expect(importRun(checkpoint, { run: runFolder(out) })).rejects.toMatchObject({
    code: 'import.same-folder',
  });
});
