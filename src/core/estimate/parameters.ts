import type { Architecture } from '../model/config';
import type { TensorRole } from '../model/tensor-table';
import { elementCount, tensorSpecs } from '../model/tensors';

/** Parameters by part of the network. */
export type ParameterCounts = Record<TensorRole | 'total', number>;

export function countParameters(architecture: Architecture): ParameterCounts {
  const counts: ParameterCounts = {
    embedding: 0,
    position: 0,
    norm: 0,
    attention: 0,
    ffn: 0,
    classifier: 0,
    ngram: 0,
    total: 0,
  };
  for (const spec of tensorSpecs(architecture)) {
    const elements = elementCount(spec);
    counts[spec.role] += elements;
    counts.total += elements;
  }
  return counts;
}
