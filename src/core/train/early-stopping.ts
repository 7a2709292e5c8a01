import type { Weights } from '../model/tensors';

/** The best evaluation so far, and what the model was like then. */
export interface BestEvaluation {
  validLoss: number;
  weights: Weights;
  /** Whether it ran with quantised arithmetic; the losses of the two do not compare. */
  quantized: boolean;
  /** Evaluations after it, none of them better. */
  evaluationsSince: number;
}

/** Takes an evaluation into account; `snapshot` is called when it is the new best. */
export function noteEvaluation(
  best: BestEvaluation | undefined,
  validLoss: number,
  quantized: boolean,
  snapshot: () => Weights,
): BestEvaluation {
  if (best && best.quantized === quantized && validLoss >= best.validLoss) {
    return { ...best, evaluationsSince: best.evaluationsSince + 1 };
  }
  return { validLoss, weights: snapshot(), quantized, evaluationsSince: 0 };
}
