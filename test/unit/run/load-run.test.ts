import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buf as crc32 } from 'crc-32';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { crcStart, headerOffset } from '../../../src/core/export/image-fields';
import { imageVersionOf, readImageHeader } from '../../../src/core/export/image-header';
import { parseModel } from '../../../src/core/model/parse';
import { writeHuggingFace } from '../../../src/core/tokenizer/hf-write';
import { alphabetModel } from '../../../src/core/tokenizer/model';
import { initialWeights } from '../../../src/core/train/initialise';
import { keepImage, loadRun, type LoadedRun } from '../../../src/node/run/export';
import { runFolder, type RunFolder } from '../../../src/node/run/folder';
import { writeCheckpoint } from '../../../src/node/train/checkpoint';
import { WasmEngine } from '../../../src/node/wasm/engine';

const text = (sampling = '{ "temperature": 0.8 }') => `{
  "version": 1,
  "name": "small",
  "architecture": { "vocab_size": 40, "dim": 8, "hidden_dim": 8, "n_layers": 1, "n_heads": 2, "max_seq_len": 16 },
  "tokenizer": { "type": "char" },
  "target": { "sampling": ${sampling} }
}
`;

const words = (from: number) =>
  writeHuggingFace(
    alphabetModel(
      'char',
      Array.from({ length: 20 }, (_, i) => from + i),
    ),
  );

let run: RunFolder;

beforeEach(async () => {
  run = runFolder(await mkdtemp(join(tmpdir(), 'starmind-run-')));
  const { value } = parseModel(text(), 'small');
  if (!value) throw new Error('The model is invalid.');
  const { architecture } = value;
  await writeFile(run.model, text());
  await writeFile(run.tokenizer, words(65));
  const weights = initialWeights(architecture, 1);
  await writeCheckpoint(run.checkpoint, architecture, { weights, modelText: text(), step: 1 });
});

afterEach(async () => {
  await rm(run.path, { recursive: true, force: true });
});

/** Loads the run as a build or flashing does. */
async function loaded(): Promise<LoadedRun> {
  const whole = await loadRun(run);
  await keepImage(run, whole);
  return whole;
}

const identity = async () => readImageHeader((await loaded()).image)?.contentHash;

test('uses an image that equals the one an export would write now', async () => {
  expect((await loaded()).isImageNew).toBe(true);
  const { mtimeMs } = await stat(run.image);
  expect((await loaded()).isImageNew).toBe(false);
  expect((await stat(run.image)).mtimeMs).toBe(mtimeMs);
});

test('other sampling defaults make another image, which flashing notices', async () => {
  const first = await identity();
  await writeFile(run.model, text('{ "temperature": 0.8, "top_k": 5 }'));
  const second = await identity();
  expect(second).not.toBe(first);
  const written = readImageHeader(await readFile(run.image));
  expect(written?.contentHash).toBe(second);
  expect(written?.sampling.top_k).toBe(5);
});

test('another tokenizer does too', async () => {
  const first = await identity();
  await writeFile(run.tokenizer, words(70));
  expect(await identity()).not.toBe(first);
});

test('an image of another version is made again from the checkpoint', async () => {
  const { image } = await loaded();
  const old = Buffer.from(image);
  old.writeUInt16LE(1, headerOffset('version'));
  old.writeInt32LE(crc32(old.subarray(crcStart)), headerOffset('crc32'));
  await writeFile(run.image, old);
  const again = await loaded();
  expect(again.isImageNew).toBe(true);
  expect(Buffer.compare(again.image, image)).toBe(0);
  expect(imageVersionOf(await readFile(run.image))).toBe(2);
  await expect(WasmEngine.open(again.image)).resolves.toBeDefined();
});

test('a damaged image of this version does not count as one of another', async () => {
  const { image } = await loaded();
  image[image.length - 1] = (image.at(-1) ?? 0) ^ 1;
  await writeFile(run.image, image);
  await expect(loadRun(run)).rejects.toMatchObject({ code: 'image.damaged' });
});

test('loading alone writes nothing', async () => {
  await loadRun(run);
  await expect(stat(run.image)).rejects.toMatchObject({ code: 'ENOENT' });
});
