import { describe, expect, it } from 'vitest';
import { StreamDecoder } from '../../../src/core/tokenizer/decode';
import {
  addMerge,
  alphabetModel,
  pairKey,
  type TokenizerModel,
} from '../../../src/core/tokenizer/model';
import { Tokenizer } from '../../../src/core/tokenizer/tokenizer';
import { learnTokenizer, trainTokenizer } from '../../../src/core/tokenizer/learn';
import { finish, type Turns } from '../../../src/core/turns';
import { englishLike, fromUtf8, nastyInputs, randomBytes, seededRandom, utf8 } from './samples';

function train(...[type, size, documents]: Parameters<typeof trainTokenizer>): TokenizerModel {
  const { value, problems } = trainTokenizer(type, size, documents);
  expect(problems).toEqual([]);
  if (!value) throw new Error('no tokenizer');
  return value;
}

const corpus = [englishLike(1, 20_000), englishLike(2, 20_000)];
const cases: [Parameters<typeof trainTokenizer>[0], number][] = [
  ['byte', 258],
  ['byte', 1000],
  ['char', 18],
  ['char', 40],
  ['char', 300],
  ['bpe', 18],
  ['bpe', 19],
  ['bpe', 50],
  ['bpe', 128],
  ['bpe', 512],
];

describe.each(cases)('%s tokenizer of at most %i', (type, size) => {
  const model = train(type, size, corpus);
  const tokenizer = new Tokenizer(model);

  it('stays within its size', () => {
    expect(model.tokens.length).toBeLessThanOrEqual(size);
  });

  it.each(nastyInputs)('restores %s', (_, bytes) => {
    const ids = tokenizer.encode(bytes);
    expect(tokenizer.decode(ids)).toEqual(bytes);
    expect(ids.every((id) => id < model.tokens.length && id !== model.eosId)).toBe(true);
  });

  it('restores random mixtures', () => {
    for (let seed = 0; seed < 50; seed++) {
      const bytes = seed % 2 ? randomBytes(seed, 200) : englishLike(seed, 200);
      expect(tokenizer.decode(tokenizer.encode(bytes))).toEqual(bytes);
    }
  });

  it('decodes any ids, streamed or at once', () => {
    const random = seededRandom(size);
    for (let round = 0; round < 50; round++) {
      // Low ids are likely, so that broken escapes are.
      const ids = Array.from({ length: 40 }, () =>
        Math.floor(random() ** 3 * (model.tokens.length + 2)),
      );
      const decoder = new StreamDecoder(model);
      const streamed = ids.flatMap((id) => [...decoder.push(id)]);
      expect(tokenizer.decode(ids)).toEqual(Uint8Array.from(streamed));
    }
  });

  it('is the same when learnt again', () => {
    expect(train(type, size, corpus)).toEqual(model);
  });
});

describe('special tokens', () => {
  const model = train('bpe', 80, corpus);
  const tokenizer = new Tokenizer(model);

  it('stand between documents only', () => {
    const a = utf8('a cat');
    const b = utf8('<|endoftext|>');
    const stream = finish(tokenizer.encodeDocuments([a, b]));
    expect([...stream]).toEqual([0, ...tokenizer.encode(a), 0, ...tokenizer.encode(b), 0]);
    expect(fromUtf8(tokenizer.decode(stream))).toBe('a cat<|endoftext|>');
  });

  it('make an empty stream of no documents', () => {
    expect([...finish(tokenizer.encodeDocuments([]))]).toEqual([0]);
  });
});

describe('escapes', () => {
  // Sixteen letters: a = 2, b = 3, ...
  const model = alphabetModel('bpe', utf8('abcdefghijklmnop'));
  const ab = addMerge(model, 2, 3);
  const tokenizer = new Tokenizer(model);

  it('spell a byte with the nibble tokens', () => {
    expect([...tokenizer.encode(utf8('Z'))]).toEqual([1, 2 + 0x5, 2 + 0xa]);
    expect(finish(tokenizer.unknownBytes([utf8('aZbZ'), utf8('Z')]))).toBe(3);
  });

  it('are counted with turns in between', () => {
    const count = tokenizer.unknownBytes([utf8('Z'.repeat(1 << 20))]);
    let turns = 0;
    for (let next = count.next(); ; next = count.next()) {
      if (next.done) {
        expect(next.value).toBe(1 << 20);
        break;
      }
      turns++;
    }
    expect(turns).toBeGreaterThanOrEqual(16);
  });

  it('do not merge with their neighbours', () => {
    // 0x40 ends in the nibble of 'a'; 'ab' would merge.
    expect([...tokenizer.encode(utf8('ab@b'))]).toEqual([ab, 1, 6, 2, 3]);
  });

  it.each<[string, number[], string]>([
    ['two nibbles', [1, 7, 12, 2], 'Za'],
    ['cut off', [2, 1], 'a'],
    ['cut off half way', [2, 1, 4], 'a'],
    ['followed by no nibble', [1, ab, 4], 'abc'],
    ['half followed by no nibble', [1, 4, ab], 'ab'],
    ['followed by an escape', [1, 1, 7, 12], 'Z'],
    ['half followed by an escape', [1, 4, 1, 7, 12], 'Z'],
    ['broken by the end of text', [1, 4, 0, 2], 'a'],
    ['broken by an id that does not exist', [1, 9999, 2], 'a'],
  ])('decode when %s', (_, ids, expected) => {
    expect(fromUtf8(tokenizer.decode(ids))).toBe(expected);
  });
});

describe('learning', () => {
  it('merges the most frequent pair first and the lowest ids on a tie', () => {
    const model = train('bpe', 38, [utf8('ab ab ab cd cd ef ef gh ')]);
    const merges = model.merges.map(({ id }) => fromUtf8(model.tokens[id] as Uint8Array));
    // ' ab' occurs twice (the first has no space), like the others; its ids are higher.
    expect(merges).toEqual(['ab', ' c', ' e', ' ab', ' cd', ' ef']);
  });

  it('applies merges as a plain reading of the rule does', () => {
    const model = train('bpe', 400, corpus);
    const tokenizer = new Tokenizer(model);
    for (let seed = 100; seed < 130; seed++) {
      const random = seededRandom(seed);
      const word = utf8(
        Array.from({ length: 12 }, () => 'thean'[Math.floor(random() * 5)]).join(''),
      );
      expect([...tokenizer.encode(word)]).toEqual(mergeSlowly(model, word));
    }
  });

  it('never spends two tokens on one spelling', () => {
    const model = train('bpe', 512, [randomBytes(1, 30_000).map((byte) => 97 + (byte & 3))]);
    const spellings = model.tokens.slice(2).map((bytes) => bytes.join());
    expect(new Set(spellings).size).toBe(spellings.length);
    expect(model.tokens.length).toBe(512);
  });

  it('keeps the most frequent half when there are many bytes', () => {
    const model = train('bpe', 64, [randomBytes(3, 4000), utf8('e'.repeat(100))]);
    expect(model.byteToken.filter((token) => token !== 0xffff)).toHaveLength(32);
    expect(model.byteToken[101]).not.toBe(0xffff);
  });

  it('fills an alphabet of sixteen without any text', () => {
    const model = train('bpe', 100, []);
    expect(model.tokens).toHaveLength(18);
  });

  it('has tokens for whole characters', () => {
    const model = train('char', 60, [utf8('日本日本日 é é ü abc')]);
    const tokenizer = new Tokenizer(model);
    for (const character of ['日', '本', 'é', 'ü']) {
      expect(tokenizer.encode(utf8(character))).toHaveLength(1);
    }
    expect(tokenizer.encode(utf8('日é日'))).toHaveLength(3);
  });

  it('can be interrupted at each merge, and reports its progress', () => {
    const seen: number[] = [];
    const onProgress = (merges: number) => seen.push(merges);
    for (const work = learnTokenizer('bpe', 200, corpus, { onProgress }); seen.length < 3;) {
      expect(work.next().done).toBe(false);
    }
    expect(seen).toEqual([1, 2, 3]);
  });

  it('yields turns in the middle of text without spaces', () => {
    const letters = randomBytes(3, 300_000).map((byte) => 97 + (byte % 20));
    const turns = (work: Turns<unknown>) => {
      let count = 0;
      while (!work.next().done) count++;
      return count;
    };
    // A merge of this many words needs several turns, and so does one piece that is the whole text.
    expect(turns(learnTokenizer('bpe', 60, [letters]))).toBeGreaterThan(100);
    const { value } = trainTokenizer('bpe', 60, [letters]);
    const tokenizer = new Tokenizer(value!);
    expect(turns(tokenizer.encodeDocuments([letters]))).toBeGreaterThan(20);
    expect(turns(tokenizer.encodeDocuments([utf8('a b '.repeat(100_000))]))).toBeGreaterThan(5);
    const chinese = utf8('\u65e5\u672c'.repeat(50_000));
    expect(turns(learnTokenizer('char', 60, [chinese]))).toBeGreaterThan(5);
  });

  it.each([
    ['byte', 257],
    ['char', 17],
    ['bpe', 17],
    ['bpe', 65_536],
  ] as const)('refuses %s with %i tokens', (type, size) => {
    const { value, problems } = trainTokenizer(type, size, corpus);
    expect(value).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual(['tokenizer.vocab-size']);
  });
});

/** Lowest rank first, leftmost first, one merge at a time. */
function mergeSlowly(model: TokenizerModel, word: Uint8Array): number[] {
  const ranks = new Map(model.merges.map(({ left, right }, rank) => [pairKey(left, right), rank]));
  const tokens = Array.from(word, (byte) => model.byteToken[byte] as number);
  for (;;) {
    let best = { rank: Infinity, at: -1 };
    for (let at = 0; at + 1 < tokens.length; at++) {
      const rank = ranks.get(pairKey(tokens[at] as number, tokens[at + 1] as number));
      if (rank !== undefined && rank < best.rank) best = { rank, at };
    }
    if (best.at < 0) return tokens;
    tokens.splice(best.at, 2, model.merges[best.rank]?.id as number);
  }
}
