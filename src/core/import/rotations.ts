import { ropeTheta } from '../model/tensors';

/** Other bases differ by far more, and half precision by less. */
const tolerance = 0.01;

/**
 * Whether a table of version 0, [position][head_dim / 2], holds rotations of another base than
 * ours. Programs that wrote none left it zero.
 */
export function hasOtherRotations(
  table: Float32Array,
  headDim: number,
  part: 'cosines' | 'sines',
): boolean {
  const pairs = headDim / 2;
  if (table.every((value) => value === 0)) return false;
  const positions = table.length / pairs;
  const last = positions - 1;
  // Sines of the highest position show the smallest angles.
  for (const position of [Math.min(1, last), last]) {
    for (let pair = 0; pair < pairs; pair++) {
      const angle = position * ropeTheta ** ((-2 * pair) / headDim);
      const wanted = part === 'cosines' ? Math.cos(angle) : Math.sin(angle);
      if (Math.abs((table[position * pairs + pair] ?? 0) - wanted) > tolerance) return true;
    }
  }
  return false;
}
