import { describe, expect, it } from 'vitest';
import { readLlama2c } from '../../../src/core/import/llama2c';
import type { ImportedModel } from '../../../src/core/import/imported';
import { evaluateWeights } from '../../../src/node/train/evaluate';
import { seededRandom } from '../tokenizer/samples';
import { grouped, llama2cFile, randomLlama, type Sizes } from './llama2c-file';
import { nextTokenNats } from './llama2c-forward';

const sizes: Sizes = {
  ...{ dim: 24, hidden_dim: 20, n_layers: 2, n_heads: 4, n_kv_heads: 2 },
  ...{ vocab_size: 40, seq_len: 32, shared: true },
};
const random = seededRandom(5);
const tokens = Array.from({ length: 25 }, () => Math.floor(random() * sizes.vocab_size));

/** -ln p of all next tokens, by the trainer's kernels. */
async function natsOf({ architecture, weights }: ImportedModel): Promise<number> {
  const windows = [{ tokens: Uint16Array.from(tokens), scoreFrom: 0 }];
  const [nats = NaN] = await evaluateWeights({ architecture, weights, windows, threads: 1 });
  return nats;
}

const total = (nats: readonly number[]) => nats.reduce((sum, each) => sum + each, 0);

describe('a checkpoint of llama2.c', () => {
  it.each([
    ['version 0', 0, sizes],
    ['version 0 with a classifier of its own', 0, { ...sizes, shared: false }],
    ['version 1', 1, sizes],
    [
      'version 1 with a classifier and as many key heads',
      1,
      { ...sizes, shared: false, n_kv_heads: 4 },
    ],
    ['version 2', 2, sizes],
    ['version 2 with a classifier of its own', 2, { ...sizes, shared: false }],
  ] as const)('gives the loss of the original: %s', async (_, version, shape) => {
    const original = randomLlama(shape);
    const { value, problems } = readLlama2c(llama2cFile(original, version));
    expect(problems).toEqual([]);
    expect(value?.format).toBe(`llama2.c version ${version}`);
    expect(value?.architecture).toMatchObject({
      ...{ dim: 24, hidden_dim: 20, n_layers: 2, n_heads: 4, n_kv_heads: shape.n_kv_heads },
      ...{ head_dim: 6, vocab_size: 40, max_seq_len: 32, tie_embeddings: shape.shared },
    });
    const known = version === 2 ? grouped(original, 4) : original;
    const wanted = total(nextTokenNats(known, tokens));
    expect(Math.abs((await natsOf(value!)) / wanted - 1)).toBeLessThan(1e-5);
  });

  it('would give another loss with its rotary pairs as they are', async () => {
    const original = randomLlama(sizes);
    const { value } = readLlama2c(llama2cFile(original, 1));
    const name = 'model.layers.0.self_attn.q_proj.weight';
    const weights = new Map(value!.weights).set(name, original.wq[0]!);
    const wrong = await natsOf({ ...value!, weights });
    expect(Math.abs(wrong / total(nextTokenNats(original, tokens)) - 1)).toBeGreaterThan(1e-4);
  });

  it('is read where its table of rotations was left empty', () => {
    const file = llama2cFile(randomLlama(sizes), 0);
    const table = 32 * 3 * 4 * 2;
    file.fill(0, file.length - table);
    expect(readLlama2c(file).value?.format).toBe('llama2.c version 0');
  });
});

describe('a file that is no whole checkpoint', () => {
  const original = randomLlama(sizes);

  it.each([0, 1, 2] as const)('is refused when cut anywhere: version %i', (version) => {
    const file = llama2cFile(original, version);
    for (const length of [0, 3, 4, 27, 28, 100, 255, 256, 257, file.length - 1]) {
      const { value, problems } = readLlama2c(file.subarray(0, length));
      expect(value, `${length} bytes`).toBeUndefined();
      expect(problems[0]?.code).toMatch(/^import\.(truncated|header)$/);
    }
    expect(readLlama2c(Buffer.concat([file, Buffer.alloc(4)])).problems[0]?.code).toBe(
      'import.size',
    );
  });

  /** A file of version 1 with another word in its header. */
  function changed(word: number, value: number, version: 0 | 1 | 2 = 1): Buffer {
    const file = llama2cFile(original, version);
    file.writeInt32LE(value, 4 * word);
    return file;
  }

  it.each([
    ['another magic', changed(0, 0x12345678), 'header'],
    ['version 3', changed(1, 3), 'version'],
    ['a negative dim', changed(2, -24), 'header'],
    ['no layers', changed(4, 0), 'header'],
    ['heads that do not divide dim', changed(5, 5), 'header'],
    ['heads of odd width', changed(5, 8), 'header'],
    ['key heads that do not divide the heads', changed(6, 3), 'header'],
    ['sizes of terabytes', changed(2, 0x7fff0000), 'sizes'],
    ['billions of layers', changed(4, 2_000_000_000), 'sizes'],
    ['one layer more than a model may have', changed(4, 256), 'sizes'],
    ['as many layers as a model may have', changed(4, 255), 'truncated'],
    [
      'groups that divide nothing',
      (() => {
        const file = llama2cFile(original, 2);
        file.writeInt32LE(7, 37);
        return file;
      })(),
      'header',
    ],
    [
      'groups of none',
      (() => {
        const file = llama2cFile(original, 2);
        file.writeInt32LE(0, 37);
        return file;
      })(),
      'header',
    ],
    ['rotations of another base', llama2cFile(original, 0, 4, 500_000), 'rope'],
    [
      'text',
      Buffer.from('Once upon a time there was a file of text.'.repeat(20)),
      'truncated|header',
    ],
  ])('is refused for %s', (_, file, code) => {
    const { value, problems } = readLlama2c(file);
    expect(value).toBeUndefined();
    expect(problems[0]?.code).toMatch(new RegExp(`^import\\.(${code})$`));
    expect(problems[0]?.message).toMatch(/\.$/);
    expect(problems[0]?.fix).toMatch(/\.$/);
  });
});
