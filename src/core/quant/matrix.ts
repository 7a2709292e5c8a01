import { toScale } from './scale';

/** An int8 matrix, row-major: element = values * scales[row] * 2 ** exponent. */
export interface QuantizedMatrix {
  rows: number;
  columns: number;
  values: Int8Array;
  scales: Uint16Array;
  exponent: number;
}

/** Largest magnitude in values[start, end). */
function peak(values: Float32Array, start: number, end: number): number {
  let highest = 0;
  for (let i = start; i < end; i++) highest = Math.max(highest, Math.abs(values[i] ?? 0));
  return highest;
}

/**
 * Quantises a row-major [rows, columns] matrix to int8, symmetrically, with one scale a row:
 * peak / 127. The scales share an exponent, chosen so that the largest has 16 bits; the values are
 * rounded against the scale as stored, so that its rounding costs nothing.
 */
export function quantizeMatrix(
  weights: Float32Array,
  rows: number,
  columns: number,
): QuantizedMatrix {
  const rowScales = Array.from(
    { length: rows },
    (_, row) => peak(weights, row * columns, (row + 1) * columns) / 127,
  );
  const { exponent } = toScale(rowScales.reduce((a, b) => Math.max(a, b), 0));
  const values = new Int8Array(rows * columns);
  const scales = new Uint16Array(rows);
  rowScales.forEach((scale, row) => {
    const mantissa = Math.round(scale / 2 ** exponent);
    scales[row] = mantissa;
    if (mantissa === 0) return;
    const stored = mantissa * 2 ** exponent;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      const value = Math.round((weights[i] ?? 0) / stored);
      values[i] = Math.max(-127, Math.min(127, value));
    }
  });
  return { rows, columns, values, scales, exponent };
}

/** An int16 vector or table: element = values * 2 ** exponent. */
export interface QuantizedVector {
  values: Int16Array;
  exponent: number;
}

/** Quantises to int16 with one power of two as the scale; the peak keeps 15 bits. */
export function quantizeVector(weights: Float32Array): QuantizedVector {
  const highest = peak(weights, 0, weights.length);
  const exponent = highest === 0 ? 0 : Math.ceil(Math.log2(highest / 32767));
  const values = Int16Array.from(weights, (weight) => Math.round(weight / 2 ** exponent));
  return { values, exponent };
}
