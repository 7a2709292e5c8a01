import { describe, expect, it } from 'vitest';
import { bytesToUnicode } from '../../../src/core/tokenizer/byte-unicode';
import { readHuggingFace } from '../../../src/core/tokenizer/hf-read';
import { writeHuggingFace } from '../../../src/core/tokenizer/hf-write';
import { Tokenizer } from '../../../src/core/tokenizer/tokenizer';
import { trainTokenizer } from '../../../src/core/tokenizer/learn';
import { englishLike, fromUtf8, nastyInputs, utf8 } from './samples';

describe('our own tokenizer.json', () => {
  const corpus = [englishLike(1, 20_000)];
  it.each([
    ['byte', 258],
    ['char', 30],
    ['char', 200],
    ['bpe', 18],
    ['bpe', 300],
  ] as const)('keeps a %s tokenizer of %i', (type, size) => {
    const { value: model } = trainTokenizer(type, size, corpus);
    if (!model) throw new Error('no tokenizer');
    const text = writeHuggingFace(model);
    const read = readHuggingFace(text);
    expect(read.problems).toEqual([]);
    expect(read.value).toEqual(model);
    expect(writeHuggingFace(model)).toBe(text);
  });

  it('keeps char and bpe apart even where they have the same tokens', () => {
    const everyByte = [Uint8Array.from({ length: 256 }, (_, byte) => byte)];
    for (const type of ['char', 'bpe'] as const) {
      const { value: model } = trainTokenizer(type, type === 'char' ? 258 : 516, everyByte);
      expect(readHuggingFace(writeHuggingFace(model!)).value?.type).toBe(type);
    }
  });
});

/** A byte-level BPE in the usual form: all bytes first, special tokens last. */
function foreign() {
  const spell = (text: string) => bytesToUnicode(utf8(text));
  const vocab: Record<string, number> = {};
  for (let byte = 0; byte < 256; byte++) vocab[bytesToUnicode(Uint8Array.of(byte))] = byte;
  vocab[spell('th')] = 256;
  vocab[spell('the')] = 257;
  vocab[spell(' the')] = 258;
  return {
    added_tokens: [
      { id: 260, content: '<|endoftext|>', special: true },
      { id: 261, content: '→→', special: false },
    ],
    normalizer: null as unknown,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true } as unknown,
    model: {
      type: 'BPE' as unknown,
      vocab: vocab as unknown,
      merges: [
        `${spell('t')} ${spell('h')}`,
        [spell('th'), spell('e')],
        `${spell(' ')} ${spell('the')}`,
      ] as unknown,
    } as Record<string, unknown>,
  };
}

describe('a foreign tokenizer.json', () => {
  it('keeps its ids, with a warning about pieces', () => {
    const { value, problems } = readHuggingFace(JSON.stringify(foreign()));
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['tokenizer.other-pieces', 'warning'],
      ['tokenizer.added-tokens', 'warning'],
    ]);
    expect(value).toMatchObject({ type: 'bpe', eosId: 260, escapeId: -1, nibbleBase: -1 });
    const tokenizer = new Tokenizer(value!);
    expect([...tokenizer.encode(utf8('the the'))]).toEqual([257, 258]);
    expect(fromUtf8(tokenizer.decode([260, 257, 259, 261]))).toBe('the→→');
    for (const [, bytes] of nastyInputs) {
      expect(tokenizer.decode(tokenizer.encode(bytes))).toEqual(bytes);
    }
  });

  type Foreign = ReturnType<typeof foreign>;
  it.each<[string, (file: Foreign) => void]>([
    ['tokenizer.kind', (file) => (file.model.type = 'Unigram')],
    ['tokenizer.kind', (file) => (file.model = { type: 'Unigram', vocab: [['a', -1]] })],
    ['tokenizer.kind', (file) => (file.model.type = 'WordPiece')],
    ['tokenizer.kind', (file) => (file.model.byte_fallback = true)],
    ['tokenizer.pre-tokenizer', (file) => (file.pre_tokenizer = { type: 'Metaspace' })],
    ['tokenizer.pre-tokenizer', (file) => (file.pre_tokenizer = null)],
    ['tokenizer.subword-marks', (file) => (file.model.end_of_word_suffix = '</w>')],
    ['tokenizer.not-a-tokenizer', (file) => (file.model = {})],
    ['tokenizer.too-large', (file) => ((file.model.vocab as Record<string, number>).a = 65_535)],
    ['tokenizer.bad-id', (file) => ((file.model.vocab as Record<string, number>).a = -1)],
    ['tokenizer.bad-token', (file) => ((file.model.vocab as Record<string, number>)['\n'] = 259)],
    ['tokenizer.bad-merge', (file) => (file.model.merges = ['q q'])],
    ['tokenizer.bad-merge', (file) => (file.model.merges = [7])],
    ['tokenizer.missing-bytes', (file) => delete (file.model.vocab as Record<string, number>).Q],
    ['tokenizer.no-end-of-text', (file) => (file.added_tokens = [])],
    ['tokenizer.normalizer', (file) => (file.normalizer = { type: 'NFC' })],
    ['tokenizer.ignores-merges', (file) => (file.model.ignore_merges = true)],
  ])('is answered with %s', (code, spoil) => {
    const file = foreign();
    spoil(file);
    const { value, problems } = readHuggingFace(JSON.stringify(file));
    const problem = problems.find((found) => found.code === code);
    expect(problem?.message).toBeTruthy();
    expect(problem?.fix).toBeTruthy();
    expect(value === undefined).toBe(problem?.severity === 'error');
  });

  it.each(['', '{', '[]', 'null', '7', '{"model":7}', '{"model":{"vocab":null}}'])(
    'survives %j',
    (text) => {
      const { value, problems } = readHuggingFace(text);
      expect(value).toBeUndefined();
      expect(problems).toHaveLength(1);
    },
  );
});
