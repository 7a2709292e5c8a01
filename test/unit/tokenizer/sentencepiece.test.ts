import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { readLlama2cTokenizer } from '../../../src/core/import/llama2c-tokenizer';
import { readHuggingFace } from '../../../src/core/tokenizer/hf-read';
import { writeHuggingFace } from '../../../src/core/tokenizer/hf-write';
import { Tokenizer } from '../../../src/core/tokenizer/tokenizer';
import { exportImage } from '../../../src/node/run/export';
import { parseModel } from '../../../src/core/model/parse';
import { initialWeights } from '../../../src/core/train/initialise';
import { WasmEngine } from '../../../src/node/wasm/engine';
import { encodeAsLlama2c, tinyVocabulary, tokenizerBin } from '../import/tiny-vocabulary';
import { nastyInputs, seededRandom, utf8 } from './samples';

const pieces = tinyVocabulary();
const { value: model, problems } = readLlama2cTokenizer(tokenizerBin(pieces), pieces.length);

/** Texts in which merges meet, overlap, tie, and stop at words and at characters. */
function texts(): [string, Uint8Array][] {
  const random = seededRandom(3);
  const parts = [
    'a',
    'aa',
    'b',
    'ab',
    'the',
    ' ',
    '  ',
    ' t',
    '.',
    '\u201d',
    '\u201c',
    '\u00e9',
    '\u2026',
    '\n',
    'ing',
    '\u{1f642}',
  ];
  const mixed = Array.from({ length: 300 }, (_, i): [string, Uint8Array] => {
    const length = 1 + Math.floor(random() * 12);
    const text = Array.from({ length }, () => parts[Math.floor(random() * parts.length)]).join('');
    return [`mixture ${i}`, utf8(text)];
  });
  const short = nastyInputs.map(([name, bytes]): [string, Uint8Array] => [
    name,
    bytes.slice(0, 400),
  ]);
  return [...short, ...mixed];
}

/** What is not UTF-8 is spelt in bytes here, except those that are pieces. */
const isText = ([, bytes]: [string, Uint8Array]) => isUtf8(bytes);

describe('a tokenizer of llama2.c', () => {
  it('encodes each text as llama2.c does', () => {
    expect(problems).toEqual([]);
    const tokenizer = new Tokenizer(model!);
    for (const [name, text] of texts().filter(isText)) {
      expect([...tokenizer.encode(text)], name).toEqual(encodeAsLlama2c(pieces, text));
    }
  });

  it('decodes what it encodes, behind one space', () => {
    const tokenizer = new Tokenizer(model!);
    for (const [name, text] of texts().filter(([, bytes]) => bytes.length > 0)) {
      const spaced = Buffer.concat([Buffer.from(' '), text]);
      expect(Buffer.from(tokenizer.decode(tokenizer.encode(text))).equals(spaced), name).toBe(true);
    }
  });

  it('survives tokenizer.json, in the form of Hugging Face\u2019s Llama', () => {
    const text = writeHuggingFace(model!);
    const read = readHuggingFace(text);
    expect(read.problems).toEqual([]);
    expect(read.value).toEqual(model);
    const { model: written, added_tokens } = JSON.parse(text) as {
      model: { byte_fallback: boolean; vocab: Record<string, number>; merges: [string, string][] };
      added_tokens: { content: string; id: number }[];
    };
    expect(written.byte_fallback).toBe(true);
    expect(written.vocab['\u2581the']).toBe(
      pieces.findIndex(({ bytes }) => Buffer.from(bytes).toString() === ' the'),
    );
    expect(written.vocab['<0x0A>']).toBe(13);
    expect(written.merges).toContainEqual(['\u2581t', 'he']);
    expect(added_tokens[1]).toMatchObject({ content: '<s>', id: 1 });
    expect(model!.eosId).toBe(1);
  });

  it('is encoded alike by the engine', async () => {
    const shape = {
      vocab_size: pieces.length,
      dim: 8,
      hidden_dim: 8,
      n_layers: 1,
      n_heads: 1,
      max_seq_len: 8,
    };
    const { value: config } = parseModel(JSON.stringify({ version: 1, architecture: shape }));
    const weights = initialWeights(config!.architecture, 1);
    const engine = await WasmEngine.open(exportImage(config!, weights, model!));
    const tokenizer = new Tokenizer(model!);
    for (const [name, text] of texts()) {
      expect([...engine.encode(text)], name).toEqual([...tokenizer.encode(text)]);
    }
  });
});

describe('a tokenizer.bin that cannot be used', () => {
  const bytes = tokenizerBin(pieces);
  it('is refused at every length but its own', () => {
    for (let length = 0; length < bytes.length; length += 7) {
      const read = readLlama2cTokenizer(bytes.subarray(0, length), pieces.length);
      expect(read.value, `${length} bytes`).toBeUndefined();
    }
  });

  it.each([
    ['of another vocabulary', bytes, pieces.length - 1],
    ['of a small vocabulary', bytes, 100],
    ['that is other data', Buffer.alloc(8000, 0x41), pieces.length],
    [
      'with a token of thousands of bytes',
      tokenizerBin([...pieces, { bytes: utf8('a'.repeat(2000)), score: -500 }]),
      pieces.length + 1,
    ],
  ])('is refused: one %s', (_, data, size) => {
    const read = readLlama2cTokenizer(data, size);
    expect(read.value).toBeUndefined();
    expect(read.problems[0]).toMatchObject({ severity: 'error' });
    expect(read.problems[0]?.fix).toBeTruthy();
  });

  it('gives a warning for a token across words', () => {
    const across = [
      ...pieces,
      { bytes: utf8('a t'), score: -500 },
      { bytes: utf8('a '), score: -501 },
    ];
    const read = readLlama2cTokenizer(tokenizerBin(across), across.length);
    expect(read.problems).toMatchObject([{ code: 'tokenizer.inner-space', severity: 'warning' }]);
  });
});
