import { describe, expect, test } from 'vitest';
import { corpusStatistics } from '../../../src/core/corpus/statistics';
import { statisticsProblems } from '../../../src/core/corpus/statistics-problems';
import { withDefaults } from '../../../src/core/model/defaults';
import { seededRandom } from '../../../src/core/random';
import { finish } from '../../../src/core/turns';

const config = withDefaults(
  {
    version: 1,
    architecture: {
      ...{ vocab_size: 512, dim: 8, hidden_dim: 16, n_layers: 1, n_heads: 1, max_seq_len: 32 },
    },
    tokenizer: { path: 'tokenizer.json' },
  },
  'test',
);

const words = 'sun moon star cloud river stone grass tree bird fish cat dog bear wolf'.split(' ');

/** Sentences of random words: no two documents share a long part. */
function documentOf(seed: number, length = 120): string {
  const random = seededRandom(seed);
  return Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(' ');
}

const documents = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => documentOf(first + i));

interface Text {
  train: string[];
  valid?: string[];
  /** Bytes that a token holds. */
  bytesPerToken?: number;
  unknown?: number;
  parameters?: number;
}

function lookAt({ train, valid = [], bytesPerToken = 4, unknown = 0, parameters = 100 }: Text) {
  const counted = (texts: string[]) => ({
    documents: texts.map((text) => Buffer.from(text)),
    tokens: Math.round(texts.join('').length / bytesPerToken),
  });
  const statistics = finish(corpusStatistics(counted(train), counted(valid), unknown, null));
  const codes = statisticsProblems(statistics, config, parameters).map(({ code }) => code);
  return { statistics, codes };
}

describe('statistics of a text', () => {
  test('count it, and find nothing wrong with a clean one', () => {
    const { statistics, codes } = lookAt({ train: documents(0, 50), valid: documents(100, 10) });
    expect(codes).toEqual([]);
    const bytes = documents(0, 50).join('').length;
    expect(statistics).toMatchObject({
      bytes,
      documents: 50,
      tokens: Math.round(bytes / 4),
      copies: { exact: 0, near: 0 },
      held_out: { documents: 10, copies: { exact: 0, near: 0 } },
    });
  });

  test('find exact copies, and copies with a changed word', () => {
    const originals = documents(0, 50);
    const exact = originals.slice(0, 4);
    const near = originals.slice(4, 9).map((text) => text.replace(/^\S+/, 'heron'));
    const { statistics, codes } = lookAt({ train: [...originals, ...exact, ...near] });
    expect(statistics.copies).toEqual({ exact: 4, near: 5 });
    expect(codes).toEqual(['data.copies']);
  });

  test('find held-out text in the text to train on, also as a part of it', () => {
    const [one = '', two = '', ...others] = documents(0, 50);
    const valid = [one, two.slice(100, 500), ...documents(100, 20)];
    const { statistics, codes } = lookAt({ train: [one, two, ...others], valid });
    expect(statistics.held_out.copies).toEqual({ exact: 1, near: 1 });
    expect(codes).toEqual(['data.leak']);
  });

  test('find a text without divisions', () => {
    expect(lookAt({ train: [documentOf(1, 900)] }).codes).toEqual(['data.one-document']);
    expect(lookAt({ train: [documentOf(1)], valid: [documentOf(2)] }).codes).toEqual([]);
  });

  test('find a tokenizer that was made for other text', () => {
    const train = documents(0, 50);
    expect(lookAt({ train, bytesPerToken: 1.2 }).codes).toEqual(['tokenizer.foreign-text']);
    expect(lookAt({ train, unknown: 1000 }).codes).toEqual(['tokenizer.foreign-text']);
    expect(lookAt({ train, unknown: 10 }).codes).toEqual([]);
  });

  test('find more parameters than tokens', () => {
    expect(lookAt({ train: documents(0, 50), parameters: 50_000 }).codes).toEqual([
      'data.too-little',
    ]);
  });

  test('take short documents as they are', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i % 50}`);
    expect(lookAt({ train: lines }).statistics.copies).toEqual({ exact: 50, near: 0 });
  });
});
