import { strideOf, storedBytes, tensorFormats, type RowFormat } from '../model/formats';
import { rounded } from './scale';

/** Rows that are read alone: element = values * the scale of its row. */
export interface QuantizedRows {
  rows: number;
  columns: number;
  values: Int8Array;
  /** The byte of each row's scale; see `scaleOfByte`. */
  scales: Uint8Array;
}

/** Mantissas of a scale, and shifts; a scale of 1 is a step of 2 ** -16, as of Q16. */
const leastMantissa = 16;
const mostMantissa = 31;
const mostShift = 15;
const scaleStep = 2 ** -16;

/**
 * The byte of the scale of a row: the low half holds its mantissa less 16, the high half how far it
 * is shifted. Every byte is a scale, and none depends on other rows: training rounds the rows that
 * it reads, however many a table has.
 */
function scaleByte(wanted: number): number {
  const steps = wanted / scaleStep;
  let shift = 0;
  while (shift < mostShift && steps >= (mostMantissa + 0.5) * 2 ** shift) shift++;
  const mantissa = Math.max(leastMantissa, Math.min(mostMantissa, rounded(steps / 2 ** shift)));
  return (shift << 4) | (mantissa - leastMantissa);
}

/** The scale that a byte stands for: a multiple of 2 ** -16. */
export function scaleOfByte(byte: number): number {
  return (leastMantissa + (byte & 15)) * 2 ** (byte >> 4) * scaleStep;
}

/**
 * Quantises each row of a row-major [rows, columns] table symmetrically, with a scale of its own:
 * its largest magnitude divided by a number (see `tensorFormats`), as a byte. Values are divided by
 * the scale as stored, rounded to the nearest whole number, halves upwards, and held within the
 * format. quantize.c of the trainer and src/pytorch/rounding.py follow this rule bit for bit.
 */
export function quantizeRows(
  table: Float32Array,
  rows: number,
  columns: number,
  format: RowFormat,
): QuantizedRows {
  const { peak: limit, rowScale } = tensorFormats[format];
  const values = new Int8Array(rows * columns);
  const scales = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let peak = 0;
    for (let i = start; i < start + columns; i++) peak = Math.max(peak, Math.abs(table[i] ?? 0));
    const byte = scaleByte(peak / rowScale.divisor);
    const stored = scaleOfByte(byte);
    scales[row] = byte;
    for (let i = start; i < start + columns; i++) {
      values[i] = Math.max(-limit, Math.min(limit, rounded((table[i] ?? 0) / stored)));
    }
  }
  return { rows, columns, values, scales };
}

/**
 * Stores rows one after another, each from a whole word on: bytes, or halves of bytes, the earlier
 * element in the lower half. Elements are two's complements; what fills the last word is zero.
 */
export function packRows({ rows, columns, values }: QuantizedRows, format: RowFormat): Uint8Array {
  const stride = strideOf(format, columns);
  const packed = new Uint8Array(storedBytes(format, rows, columns));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] ?? 0;
      if (format === 'int8_rows') packed[row * stride + column] = value;
      else {
        const place = row * stride + (column >> 1);
        packed[place] = (packed[place] ?? 0) | ((value & 15) << (4 * (column & 1)));
      }
    }
  }
  return packed;
}
