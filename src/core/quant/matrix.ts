import { tensorFormats, type WeightFormat } from '../model/formats';
import { rounded, toScale } from './scale';

/** A matrix of small whole numbers, row-major: element = values * scales[row] * 2 ** exponent. */
export interface QuantizedMatrix {
  rows: number;
  columns: number;
  values: Int8Array;
  scales: Uint16Array;
  exponent: number;
}

/**
 * The scale of a row before it is stored, by the rule of its format. Sums run in the order of the
 * row, as the trainer's do.
 */
function rowScale(weights: Float32Array, start: number, end: number, format: WeightFormat): number {
  const { of, divisor } = tensorFormats[format].rowScale;
  const magnitude = of === 'peak' ? peak(weights, start, end) : mean(weights, start, end);
  return magnitude / divisor;
}

/** Mean magnitude in values[start, end). */
function mean(values: Float32Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += Math.abs(values[i] ?? 0);
  return sum / (end - start);
}

/** Largest magnitude in values[start, end). */
function peak(values: Float32Array, start: number, end: number): number {
  let highest = 0;
  for (let i = start; i < end; i++) highest = Math.max(highest, Math.abs(values[i] ?? 0));
  return highest;
}

/**
 * Quantises a row-major [rows, columns] matrix symmetrically, with one scale a row. This rule
 * defines how matrices are rounded; quantize.c of the trainer follows it bit for bit, so that
 * training computes with the weights of the device:
 *
 * 1. The scale of a row is its largest or its mean magnitude, divided by a number: see
 *    `tensorFormats`.
 * 2. Scales are stored as 16-bit mantissas that share an exponent: the one with which the
 *    largest of them has all 16 bits. A row far smaller than the largest has few bits, or the scale
 *    0.
 * 3. A value is divided by the scale as stored, so that the scale's rounding costs nothing,
 *    rounded, and held within the format. Rows with the scale 0 are zeros.
 *
 * Mantissas and values are rounded to the nearest whole number, halves upwards, as the engine
 * rounds everything; all of it is computed in float64.
 */
export function quantizeMatrix(
  weights: Float32Array,
  rows: number,
  columns: number,
  format: WeightFormat,
): QuantizedMatrix {
  const limit = tensorFormats[format].peak;
  const rowScales = Array.from({ length: rows }, (_, row) =>
    rowScale(weights, row * columns, (row + 1) * columns, format),
  );
  const { exponent } = toScale(rowScales.reduce((a, b) => Math.max(a, b), 0));
  const values = new Int8Array(rows * columns);
  const scales = new Uint16Array(rows);
  rowScales.forEach((scale, row) => {
    const mantissa = rounded(scale / 2 ** exponent);
    scales[row] = mantissa;
    if (mantissa === 0) return;
    const stored = mantissa * 2 ** exponent;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      const value = rounded((weights[i] ?? 0) / stored);
      values[i] = Math.max(-limit, Math.min(limit, value));
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
  const values = Int16Array.from(weights, (weight) => rounded(weight / 2 ** exponent));
  return { values, exponent };
}
