import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { headerOffset, type HeaderField } from '../../../src/core/export/image-fields';
import { readImageHeader } from '../../../src/core/export/image-header';
import { modelUf2 } from '../../../src/core/export/model-uf2';
import { optionCode } from '../../../src/core/model/options';
import { parseModel } from '../../../src/core/model/parse';
import type { Weights } from '../../../src/core/model/tensors';
import { writeHuggingFace } from '../../../src/core/tokenizer/hf-write';
import { alphabetModel } from '../../../src/core/tokenizer/model';
import { initialWeights } from '../../../src/core/train/initialise';
import type { HelloRecord } from '../../../src/core/wire/device-records';
import { programHash } from '../../../src/node/build/program-hash';
import { prepareFlash } from '../../../src/node/flash/flash-run';
import { buildRun } from '../../../src/node/run/build-run';
import { loadRun } from '../../../src/node/run/export';
import { runFolder, type RunFolder } from '../../../src/node/run/folder';
import { whileBuilding } from '../../../src/node/run/run-owner';
import { writeCheckpoint } from '../../../src/node/train/checkpoint';
import { WasmEngine } from '../../../src/node/wasm/engine';
import { hello } from '../board/fake-board';
import { fakeMachine } from '../toolchain/fake-machine';

/** A model.json. */
const text = (changes: object = {}, sampling: object = { temperature: 0.8 }) =>
  JSON.stringify({
    ...{ version: 1, name: 'small' },
    architecture: {
      ...{ vocab_size: 40, dim: 8, hidden_dim: 8, n_layers: 1, n_heads: 2, max_seq_len: 16 },
      ...changes,
    },
    tokenizer: { type: 'char' },
    target: { sampling },
  });

const words = (from: number) =>
  writeHuggingFace(
    alphabetModel(
      'char',
      Array.from({ length: 20 }, (_, i) => from + i),
    ),
  );

const { value } = parseModel(text(), 'small');
if (!value) throw new Error('The model is invalid.');
const { architecture } = value;

let run: RunFolder;

beforeEach(async () => {
  run = runFolder(await mkdtemp(join(tmpdir(), 'starmind-run-')));
  await writeFile(run.model, text());
  await writeFile(run.tokenizer, words(65));
  await trainFurther(1);
});

afterEach(async () => {
  await rm(run.path, { recursive: true, force: true });
});

const imageNow = async (): Promise<Uint8Array> => (await loadRun(run)).image;
const identity = async () => readImageHeader(await imageNow())?.contentHash;

/** Writes a checkpoint as a training that goes on does: nothing else in the folder changes. */
async function trainFurther(seed: number, change = (_: Weights): void => undefined): Promise<void> {
  const weights = initialWeights(architecture, seed);
  change(weights);
  await writeCheckpoint(run.checkpoint, architecture, { weights, modelText: text(), step: seed });
}

/** Has the image of the present files, and returns it. */
async function built(): Promise<Uint8Array> {
  const image = await imageNow();
  await writeFile(run.image, image);
  return image;
}

/** Image files that do not belong to the run's present files. */
const strayImages: [string, (image: Buffer) => Uint8Array][] = [
  ['of another version', (image) => stamped(image, headerOffset('version'), 1)],
  ['with a changed byte', (image) => stamped(image, image.length - 2, 0x5a5a)],
  ['cut short', (image) => image.subarray(0, image.length - 1)],
  ['with bytes too many', (image) => Buffer.concat([image, Buffer.from('more')])],
  ['that is empty', () => Buffer.alloc(0)],
];

function stamped(image: Buffer, offset: number, value: number): Buffer {
  image.writeUInt16LE(value, offset);
  return image;
}

describe('the image of a run is the one that an export would write now', () => {
  test('when nothing has changed, it is the same to the byte', async () => {
    expect(await imageNow()).toEqual(await built());
  });

  test('a checkpoint of later steps beside the image of earlier ones', async () => {
    const early = await built();
    await trainFurther(2);
    const late = await imageNow();
    expect(late).not.toEqual(early);
    await rm(run.image);
    expect(await imageNow()).toEqual(late);
    await trainFurther(1);
    expect(await imageNow()).toEqual(early);
  });

  test('one changed weight', async () => {
    await built();
    const before = await identity();
    await trainFurther(1, (weights) => weights.get('model.norm.weight')?.fill(2, 0, 1));
    expect(await identity()).not.toBe(before);
  });

  test('a checkpoint with weights that are no numbers is refused', async () => {
    await built();
    await trainFurther(1, (weights) => weights.get('model.norm.weight')?.fill(NaN, 0, 1));
    await expect(loadRun(run)).rejects.toMatchObject({ code: 'checkpoint.not-finite' });
  });

  test.each<[HeaderField, object, number]>([
    ['max_seq_len', { max_seq_len: 8 }, 8],
    ['n_heads', { n_heads: 1 }, 1],
    ['activation', { activation: 'relu' }, optionCode('activation', 'relu')],
    ['norm', { norm: 'layernorm' }, optionCode('norm', 'layernorm')],
  ])('another %s in model.json', async (field, changes, expected) => {
    const before = Buffer.from(await built()).readUInt8(headerOffset(field));
    await writeFile(run.model, text(changes));
    const image = Buffer.from(await imageNow());
    expect(image.readUInt8(headerOffset(field))).toBe(expected);
    expect(expected).not.toBe(before);
    await expect(WasmEngine.open(image)).resolves.toBeDefined();
  });

  test('a shape that the checkpoint does not have is refused', async () => {
    await built();
    await writeFile(run.model, text({ hidden_dim: 12 }));
    await expect(loadRun(run)).rejects.toMatchObject({ code: 'checkpoint.shape' });
  });

  test('sampling defaults', async () => {
    await built();
    await writeFile(run.model, text({}, { temperature: 0.8, top_k: 5 }));
    expect(readImageHeader(await imageNow())?.sampling.top_k).toBe(5);
  });

  test('another tokenizer', async () => {
    await built();
    const first = await identity();
    await writeFile(run.tokenizer, words(70));
    expect(await identity()).not.toBe(first);
  });

  test.each(strayImages)('a file %s counts for nothing', async (_, stray) => {
    const image = await built();
    await writeFile(run.image, stray(Buffer.from(image)));
    expect(await imageNow()).toEqual(image);
  });

  test('loading writes nothing', async () => {
    await trainFurther(2);
    const before = await readdir(run.path);
    await loadRun(run);
    expect(await readdir(run.path)).toEqual(before);
  });
});

describe('the image file', () => {
  /** Builds where there is no compiler: the image is written, and no firmware. */
  async function build(): Promise<void> {
    fakeMachine();
    vi.stubEnv('STARMIND_NO_INSTALL', '1');
    await expect(buildRun(run, {})).rejects.toMatchObject({ code: 'tool.missing' });
  }

  test.each(strayImages)('%s is replaced by a build', async (_, stray) => {
    const image = await built();
    await writeFile(run.image, stray(Buffer.from(image)));
    await build();
    expect(await readFile(run.image)).toEqual(Buffer.from(image));
  });

  test('of another checkpoint is replaced too, and an equal one stays', async () => {
    const early = await built();
    await trainFurther(2);
    await build();
    const written = await readFile(run.image);
    expect(written.equals(early)).toBe(false);
    expect(written.equals(await imageNow())).toBe(true);
    const { ino } = await stat(run.image);
    await build();
    expect((await stat(run.image)).ino).toBe(ino);
  });

  test('is no business of flashing, which does not own the run', async () => {
    const early = await built();
    await trainFurther(2);
    await writeFile(run.model, text({}, { temperature: 0.8, top_k: 5 }));
    const late = await imageNow();
    const memory = { arena: 1 << 20, weights: 1 << 20 };
    const seen = {
      hello: { ...hello, record: 'hello', program: await programHash(), memory } as HelloRecord,
    };
    await whileBuilding(run, {}, async () => {
      const before = await readdir(run.path);
      const { uf2, flash } = await prepareFlash(run, seen, { modelOnly: true });
      expect(flash).toBe('model');
      expect(uf2).toEqual(modelUf2(late));
      expect(await readdir(run.path)).toEqual(before);
      expect(await readFile(run.image)).toEqual(Buffer.from(early));
    });
  });
});
