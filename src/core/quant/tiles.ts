import {
  strideOf,
  storedBytes,
  tensorFormats,
  tileRows,
  type WeightFormat,
} from '../model/formats';
import type { QuantizedMatrix } from './matrix';

/** Columns of a block, of a group within it that is one index, and the bits of an index. */
const ternary = { block: 16, group: 4, indexBits: 7, firstBit: 3 } as const;

/**
 * Stores a matrix in the tiles of firmware/engine/kernel.h: 8 rows side by side, so that a kernel
 * multiplies all of them by an element of the vector that it loads once. Missing rows and columns
 * are zeros.
 */
export function packTiles(matrix: QuantizedMatrix, format: WeightFormat): Uint8Array {
  const { rows, columns } = matrix;
  const stride = strideOf(format, columns);
  const packed = new Uint8Array(storedBytes(format, rows, columns));
  const padded = Math.ceil(columns / tensorFormats[format].columns) * tensorFormats[format].columns;
  for (let first = 0; first < rows; first += tileRows) {
    const tile = new DataView(packed.buffer, (first / tileRows) * stride, stride);
    const valueAt = (row: number, column: number): number =>
      first + row < rows && column < columns
        ? (matrix.values[(first + row) * columns + column] ?? 0)
        : 0;
    packTile[format](tile, padded, valueAt);
  }
  return packed;
}

/** Fills a tile. @param valueAt a value by its row within the tile and its column */
type PackTile = (
  tile: DataView,
  columns: number,
  valueAt: (row: number, column: number) => number,
) => void;

const packTile: Record<WeightFormat, PackTile> = {
  /** A byte each, value + 128: the eight rows of a column, then those of the next. */
  int8(tile, columns, valueAt) {
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < tileRows; row++) {
        tile.setUint8(column * tileRows + row, valueAt(row, column) + 128);
      }
    }
  },
  /** A word a column: four bits each, value + 8, the first row lowest. */
  int4(tile, columns, valueAt) {
    for (let column = 0; column < columns; column++) {
      let word = 0;
      for (let row = 0; row < tileRows; row++) word |= (valueAt(row, column) + 8) << (4 * row);
      tile.setUint32(4 * column, word >>> 0, true);
    }
  },
  /**
   * A word for the 16 columns of a block of each row: an index of 7 bits for every four columns, which
   * counts the rows of the kernel's table of their 81 sums.
   */
  ternary(tile, columns, valueAt) {
    for (let block = 0; block < columns / ternary.block; block++) {
      for (let row = 0; row < tileRows; row++) {
        let word = 0;
        for (let group = 0; group < ternary.block / ternary.group; group++) {
          const column = block * ternary.block + group * ternary.group;
          let index = 0;
          for (let i = ternary.group - 1; i >= 0; i--)
            index = 3 * index + valueAt(row, column + i) + 1;
          word |= index << (ternary.firstBit + ternary.indexBits * group);
        }
        tile.setUint32(4 * (block * tileRows + row), word >>> 0, true);
      }
    }
  },
};
