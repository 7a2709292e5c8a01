import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { longestNgram, ngramRow, recentTokens } from '../../../src/core/model/ngram-hash';
import { seededRandom } from '../../../src/core/random';
import { packageRoot } from '../../../src/node/assets';
import { expectGolden } from '../../support/golden';

const random = seededRandom(41);
const below = (limit: number) => Math.floor(random() * limit);

interface Vector {
  layer: number;
  order: number;
  bits: number;
  recent: number[];
}

/** Corners first, then tokens and tables of any size. */
const vectors: Vector[] = [
  ...[0, 1, 254].flatMap((layer) =>
    [2, 3, 4].flatMap((order) =>
      [0, 1, 0xffff].map((token) => ({
        ...{ layer, order, bits: 13, recent: Array.from({ length: order }, () => token) },
      })),
    ),
  ),
  ...Array.from({ length: 60 }, () => {
    const order = 2 + below(3);
    const recent = Array.from({ length: order }, () => below(65_536));
    return { layer: below(255), order, bits: 1 + below(17), recent };
  }),
];

/** A line for each: layer, order, bits of a row, the row, and the tokens, the newest first. */
const lineOf = ({ layer, order, bits, recent }: Vector, row: number) =>
  [layer, order, bits, row, ...recent].join(' ');

test('rows are those of the vectors, which the engine in C is held to as well', () => {
  const lines = vectors.map((vector) => {
    const { layer, order, recent, bits } = vector;
    return lineOf(vector, ngramRow(layer, order, recent, bits));
  });
  expectGolden('ngram-rows.txt', `${lines.join('\n')}\n`);
});

test('Python picks the same rows', (context) => {
  const script = [
    'import json, sys; from ngram import ngram_row',
    'print(json.dumps([ngram_row(*each) for each in json.load(sys.stdin)]))',
  ].join('\n');
  const { status, stdout, error } = spawnSync('python3', ['-c', script], {
    input: JSON.stringify(
      vectors.map(({ layer, order, recent, bits }) => [layer, order, recent, bits]),
    ),
    env: { ...process.env, PYTHONPATH: join(packageRoot(), 'src/pytorch') },
    encoding: 'utf8',
  });
  if (error) {
    process.stderr.write(`Left out: python3 does not start (${error.message}).\n`);
    context.skip();
  }
  expect(status).toBe(0);
  const expected = vectors.map(({ layer, order, recent, bits }) =>
    ngramRow(layer, order, recent, bits),
  );
  expect(JSON.parse(stdout)).toEqual(expected);
});

test('n-grams spread evenly over the rows of each table, each table in a way of its own', () => {
  const bits = 8;
  const vocabulary = 64;
  for (const order of [2, 3, longestNgram]) {
    const counts = new Array<number>(2 ** bits).fill(0);
    let shared = 0;
    const tokens = 64 * 64;
    for (let i = 0; i < tokens; i++) {
      const recent = [i % vocabulary, Math.floor(i / vocabulary), 5, 7];
      const row = ngramRow(0, order, recent, bits);
      counts[row] = (counts[row] ?? 0) + 1;
      if (row === ngramRow(1, order, recent, bits)) shared++;
    }
    // Chi-squared of 255 degrees of freedom: 255, give or take 5 times 22.6.
    const mean = tokens / counts.length;
    const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
    expect(squares, `order ${order}`).toBeLessThan(255 + 5 * 22.6);
    expect(shared / tokens, `order ${order}`).toBeLessThan(0.02);
  }
});

test('before the beginning of a window its first token counts', () => {
  expect(recentTokens([9, 4, 6, 2], 3, 3)).toEqual([2, 6, 4]);
  expect(recentTokens([9, 4, 6, 2], 1, 4)).toEqual([4, 9, 9, 9]);
});
