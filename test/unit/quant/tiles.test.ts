import { describe, expect, test } from 'vitest';
import { weightFormats, type WeightFormat } from '../../../src/core/model/formats';
import { packTiles } from '../../../src/core/quant/tiles';
import { seededRandom } from '../../../src/core/random';

function matrix(rows: number, columns: number, valueAt: (row: number, column: number) => number) {
  const values = Int8Array.from({ length: rows * columns }, (_, i) =>
    valueAt(Math.floor(i / columns), i % columns),
  );
  return { rows, columns, values, scales: new Uint16Array(rows), exponent: 0 };
}

const words = (bytes: Uint8Array) => Array.from(new Uint32Array(bytes.buffer));

test('int8: the eight rows of a column, plus 128, then the next column', () => {
  const packed = packTiles(
    matrix(9, 2, (row, column) => (row === 8 ? -127 : 10 * row + column)),
    'int8',
  );
  expect(packed).toHaveLength(2 * 8 * 4);
  expect([...packed.subarray(0, 8)]).toEqual([128, 138, 148, 158, 168, 178, 188, 198]);
  expect([...packed.subarray(8, 10)]).toEqual([129, 139]);
  expect([...packed.subarray(16, 32)]).toEqual(new Array(16).fill(128));
  expect([...packed.subarray(32, 41)]).toEqual([1, ...new Array(7).fill(128), 1]);
});

test('int4: a word a column, the first row lowest, plus 8', () => {
  const packed = packTiles(
    matrix(8, 1, (row) => row - 3),
    'int4',
  );
  expect(words(packed)).toEqual([0xcba98765, 0x88888888, 0x88888888, 0x88888888]);
});

test('ternary: a word a row, four indexes from bit 3 on', () => {
  const packed = packTiles(
    matrix(1, 17, (_, column) => (column === 0 ? 1 : column === 16 ? -1 : 0)),
    'ternary',
  );
  const zeros = (40 << 3) | (40 << 10) | (40 << 17) | (40 << 24);
  const first = (41 << 3) | (40 << 10) | (40 << 17) | (40 << 24);
  const last = (39 << 3) | (40 << 10) | (40 << 17) | (40 << 24);
  const rest = new Array(7).fill(zeros);
  expect(words(packed)).toEqual([first, ...rest, last, ...rest]);
});

/** A value of a packed matrix, by the description in firmware/engine/kernel.h. */
const read: Record<WeightFormat, (at: (byte: number) => number, row: number, c: number) => number> =
  {
    int8: (at, row, c) => at(8 * c + row) - 128,
    int4: (at, row, c) => ((at(4 * c + (row >> 1)) >> (4 * (row & 1))) & 15) - 8,
    ternary(at, row, c) {
      const byte = 4 * (8 * (c >> 4) + row);
      const word =
        at(byte) + 2 ** 8 * at(byte + 1) + 2 ** 16 * at(byte + 2) + 2 ** 24 * at(byte + 3);
      const index = Math.floor(word / 2 ** (3 + 7 * ((c >> 2) & 3))) % 128;
      return (Math.floor(index / 3 ** (c & 3)) % 3) - 1;
    },
  };

describe.each(weightFormats)('%s', (format) => {
  test.each([
    [1, 1],
    [8, 16],
    [13, 37],
    [20, 5],
  ])('holds every value of %i x %i', (rows, columns) => {
    const random = seededRandom(rows * columns);
    const peak = { int8: 127, int4: 7, ternary: 1 }[format];
    const original = matrix(rows, columns, () => Math.floor(random() * (2 * peak + 1)) - peak);
    const packed = packTiles(original, format);
    const tile = packed.length / Math.ceil(rows / 8);
    original.values.forEach((value, i) => {
      const row = Math.floor(i / columns);
      const start = Math.floor(row / 8) * tile;
      const found = read[format]((byte) => packed[start + byte] ?? NaN, row % 8, i % columns);
      expect(found).toBe(value);
    });
  });
});
