import type { Architecture } from '../model/config';
import { elementCount, layerTensorNames, tensorSpecs } from '../model/tensors';
import type { TensorSpec, Weights } from '../model/tensors';
import { normalFrom, seededRandom } from '../random';

/** Standard deviation of embedding rows: small, so that training starts near uniform guesses. */
const embeddingDeviation = 0.02;

/**
 * Standard deviation of a matrix with one input, as of PyTorch's default for linear layers; with n
 * inputs it is this over sqrt(n). A fixed 0.02 leaves models of dim 2 to 16 nearly silent.
 */
const matrixDeviation = 1 / Math.sqrt(3);

/** Matrices that write to the residual stream; two a layer. */
function residualProjections(architecture: Architecture): Set<string> {
  const names = new Set<string>();
  for (let layer = 0; layer < architecture.n_layers; layer++) {
    const { output, down } = layerTensorNames(layer);
    names.add(output).add(down);
  }
  return names;
}

function deviationOf(spec: TensorSpec, isResidual: boolean, layers: number): number {
  if (spec.role === 'embedding' || spec.role === 'position' || spec.role === 'classifier') {
    return embeddingDeviation;
  }
  const [, inputs = 1] = spec.shape;
  // The residual stream is a sum of 2 * layers terms; this keeps its variance where it starts.
  return (matrixDeviation / Math.sqrt(inputs)) * (isResidual ? 1 / Math.sqrt(2 * layers) : 1);
}

/** Seeded initial weights: normal matrices, gains of one. */
export function initialWeights(architecture: Architecture, seed: number): Weights {
  const normal = normalFrom(seededRandom(seed));
  const residual = residualProjections(architecture);
  const weights = new Map<string, Float32Array>();
  for (const spec of tensorSpecs(architecture)) {
    const values = new Float32Array(elementCount(spec));
    if (spec.role === 'norm') values.fill(1);
    // Tables begin at zero: a row that no text has picked adds nothing.
    else if (spec.role !== 'ngram') {
      const deviation = deviationOf(spec, residual.has(spec.name), architecture.n_layers);
      for (let i = 0; i < values.length; i++) values[i] = deviation * normal();
    }
    weights.set(spec.name, values);
  }
  return weights;
}
