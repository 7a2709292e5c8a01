import type { Architecture, MatrixFormats, Quantization } from './config';
import type { WeightFormat } from './formats';
import {
  isPresent,
  tensorEntries,
  type MatrixSlot,
  type TensorEntry,
  type TensorSlot,
} from './tensor-table';

/** The matrices that model.json can give a format of their own, in the order of checkpoints. */
export const matrixEntries = tensorEntries.filter(({ kind }) => kind === 'matrix');

/** The format of a matrix: its own, or that of all weights. */
export function matrixFormat(
  { weights, tensors }: MatrixFormats,
  { slot }: Pick<TensorEntry, 'slot'>,
): WeightFormat {
  return tensors?.[slot as MatrixSlot] ?? weights;
}

/** Formats given to matrices that a model of this architecture does not have. */
export function idleFormats(
  architecture: Architecture,
  { tensors }: Pick<Quantization, 'tensors'>,
): TensorSlot[] {
  return matrixEntries
    .filter((entry) => !isPresent(architecture, entry))
    .map(({ slot }) => slot as MatrixSlot)
    .filter((slot) => tensors[slot] !== undefined);
}
