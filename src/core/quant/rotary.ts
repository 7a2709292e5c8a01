import { ropeTheta } from '../model/tensors';
import type { QuantizedVector } from './matrix';

/** Fractional bits of the rotary table: cosines reach exactly 1. */
const fractionBits = 14;

/**
 * Table [positions][floor(headDim / 2)][cos, sin] of the rotary angles
 * position * theta ** (-2 pair / headDim).
 */
export function rotaryTable(positions: number, headDim: number): QuantizedVector {
  const pairs = Math.floor(headDim / 2);
  const values = new Int16Array(positions * pairs * 2);
  let next = 0;
  for (let position = 0; position < positions; position++) {
    for (let pair = 0; pair < pairs; pair++) {
      const angle = position * ropeTheta ** ((-2 * pair) / headDim);
      values[next++] = Math.round(Math.cos(angle) * 2 ** fractionBits);
      values[next++] = Math.round(Math.sin(angle) * 2 ** fractionBits);
    }
  }
  return { values, exponent: -fractionBits };
}
