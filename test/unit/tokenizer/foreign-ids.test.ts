import { describe, expect, it } from 'vitest';
import { writeTokenizerSection } from '../../../src/core/export/tokenizer-section';
import { bytesToUnicode } from '../../../src/core/tokenizer/byte-unicode';
import { readHuggingFace } from '../../../src/core/tokenizer/hf-read';
import { writeHuggingFace } from '../../../src/core/tokenizer/hf-write';
import { Tokenizer } from '../../../src/core/tokenizer/tokenizer';
import { utf8 } from './samples';

interface File {
  added_tokens: { id: number; content: string; special: boolean }[];
  model: { vocab: Record<string, number>; merges: (string | [string, string])[] };
}

const merges: [string, string][] = [
  ['\u0120', 't'],
  ['h', 'e'],
  ['\u0120t', 'he'],
  ['!', '!'],
  ['\u0120', 'a'],
];

/**
 * A byte-level BPE as Hugging Face's trainer numbers it: the special tokens that `first` names,
 * then visible bytes before the others, then merges; then the tokens that `last` adds.
 */
function file(first: readonly string[], last: readonly [name: string, special: boolean][] = []) {
  const bytes = Array.from({ length: 256 }, (_, byte) => bytesToUnicode(Uint8Array.of(byte)));
  const names = [...first, ...bytes.sort(), ...merges.map((pair) => pair.join(''))];
  const vocab = Object.fromEntries(names.map((name, id) => [name, id]));
  const added_tokens = [
    ...first.map((content, id) => ({ id, content, special: true })),
    ...last.map(([content, special], i) => ({ id: names.length + i, content, special })),
  ];
  return {
    added_tokens,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    model: { type: 'BPE', vocab, merges: merges as File['model']['merges'] },
  };
}

/** The rule as its paper states it, on the spellings of the file: independent of our code. */
function idsByTheFile({ model }: File, text: string): number[] {
  const ranks = model.merges.map((pair) => (typeof pair === 'string' ? pair : pair.join(' ')));
  return (text.match(/ ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu) ?? []).flatMap(
    (piece) => {
      const symbols = [...bytesToUnicode(utf8(piece))];
      for (;;) {
        const rankAt = (at: number) => {
          const rank = ranks.indexOf(`${symbols[at]} ${symbols[at + 1]}`);
          return rank < 0 ? Infinity : rank;
        };
        const places = symbols.slice(1).map((_, at) => at);
        const best = places.sort((a, b) => rankAt(a) - rankAt(b) || a - b)[0];
        if (best === undefined || rankAt(best) === Infinity) break;
        symbols.splice(best, 2, symbols[best]! + symbols[best + 1]!);
      }
      return symbols.map((symbol) => model.vocab[symbol] ?? -1);
    },
  );
}

const kinds: [name: string, file: File, eosId: number][] = [
  ['the end of text first', file(['<|endoftext|>']), 0],
  ['the end of text last', file([], [['<|endoftext|>', true]]), 261],
  ['the end of text among others', file(['<s>', '<pad>', '</s>', '<unk>', '<mask>']), 2],
  ['added tokens that are not special', file(['<|endoftext|>'], [['<user>', false]]), 0],
  [
    'an added text with a space',
    file(
      ['</s>'],
      [
        [' the end', false],
        ['<x>', true],
      ],
    ),
    0,
  ],
  ['tokens called as every object has them', file(['</s>'], [['__proto__', false]]), 0],
];
const withHole = file(['<|endoftext|>']);
withHole.model.vocab['\u0120zebra'] = 300;
kinds.push(['a hole in the ids', withHole, 0]);
const withWords = file(['<|endoftext|>']);
withWords.model.merges = merges.map((pair) => pair.join(' '));
kinds.push(['merges as words', withWords, 0]);

const text = 'Then the cat ate the hat!! A  theatre !!! 42\n\ttea, \u00e4 \ud83d\ude42 <user>';

describe('the run of a foreign tokenizer.json', () => {
  it.each(kinds)('keeps ids with %s', (_, original, eosId) => {
    const { value: imported } = readHuggingFace(JSON.stringify(original));
    const written = writeHuggingFace(imported!);
    const { value: readBack, problems } = readHuggingFace(written);
    expect(problems.filter(({ code }) => code !== 'tokenizer.added-tokens')).toEqual([]);
    expect(readBack).toEqual(imported);
    expect(readBack!.eosId).toBe(eosId);
    const wanted = idsByTheFile(original, text);
    expect(wanted).not.toContain(-1);
    expect([...new Tokenizer(readBack!).encode(utf8(text))]).toEqual(wanted);
    // A new device image has the same tokens.
    expect(writeTokenizerSection(readBack!)).toEqual(writeTokenizerSection(imported!));

    const run = JSON.parse(written) as File;
    expect(run.model.vocab).toMatchObject(original.model.vocab);
    expect(run.added_tokens).toMatchObject(original.added_tokens);
  });

  it('names token 1 as the file does, and its merge', () => {
    const { value } = readHuggingFace(JSON.stringify(file(['<|endoftext|>'])));
    const { model } = JSON.parse(writeHuggingFace(value!)) as File;
    expect(model.vocab['!']).toBe(1);
    expect(model.merges).toContainEqual(['!', '!']);
    expect([...new Tokenizer(value!).encode(utf8('!!'))]).toEqual([model.vocab['!!']]);
  });

  it('reads a file behind a byte order mark, and names UTF-16', () => {
    const json = JSON.stringify(file(['<|endoftext|>']));
    expect(readHuggingFace(`\ufeff${json}`)).toEqual(readHuggingFace(json));
    const utf16 = Buffer.from(`\ufeff${json}`, 'utf16le');
    for (const bytes of [utf16, utf16.subarray(2), Buffer.from(utf16).swap16()]) {
      const { problems } = readHuggingFace(bytes.toString('utf8'));
      expect(problems).toMatchObject([{ code: 'tokenizer.utf16' }]);
    }
  });

  it('uses the id of the vocabulary for an added token, as the library does', () => {
    const original = file(['<|endoftext|>']);
    original.added_tokens[0]!.id = 9;
    expect(readHuggingFace(JSON.stringify(original)).value?.eosId).toBe(0);
  });

  it('refuses two tokens of one id', () => {
    const original = file(['<|endoftext|>'], [['<user>', false]]);
    original.added_tokens[1]!.id = 5;
    const { value, problems } = readHuggingFace(JSON.stringify(original));
    expect(value).toBeUndefined();
    expect(problems).toContainEqual(expect.objectContaining({ code: 'tokenizer.same-id' }));
  });
});

describe('warns about parts of a file without effect', () => {
  it.each<[string, object]>([
    ['tokenizer.normalizer', { normalizer: { type: 'Lowercase' } }],
    ['tokenizer.truncation', { truncation: { max_length: 8 } }],
    ['tokenizer.padding', { padding: { strategy: 'BatchLongest' } }],
    ['tokenizer.post-processor', { post_processor: { type: 'TemplateProcessing' } }],
    [
      'tokenizer.post-processor',
      { post_processor: { type: 'Sequence', processors: [{ type: 'RobertaProcessing' }] } },
    ],
    ['tokenizer.prefix-space', { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } }],
    ['tokenizer.dropout', { model: { ...file(['</s>']).model, dropout: 0.1 } }],
    ['tokenizer.ignores-merges', { model: { ...file(['</s>']).model, ignore_merges: true } }],
    ['tokenizer.added-tokens', file(['</s>'], [['<user>', false]])],
  ])('warns of %s', (code, part) => {
    const { value, problems } = readHuggingFace(JSON.stringify({ ...file(['</s>']), ...part }));
    expect(value).toBeDefined();
    expect(problems.map((problem) => problem.code)).toEqual(['tokenizer.other-pieces', code]);
    expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);
  });

  it('ignores a post-processor that only moves offsets', () => {
    const original = { ...file(['</s>']), post_processor: { type: 'ByteLevel' } };
    expect(readHuggingFace(JSON.stringify(original)).problems).toHaveLength(1);
  });
});
