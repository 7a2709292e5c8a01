import type { Arithmetic } from '../model/formats';
import type { Weights } from '../model/tensors';

/** The best evaluation so far, and what the model was like then. */
export interface BestEvaluation {
  validLoss: number;
  weights: Weights;
  /** What it ran in; losses of one arithmetic do not compare with those of another. */
  arithmetic: Arithmetic;
  /** Evaluations after it, none of them better. */
  evaluationsSince: number;
}

/** Takes an evaluation into account; `snapshot` is called when it is the new best. */
export async function noteEvaluation(
  best: BestEvaluation | undefined,
  validLoss: number,
  arithmetic: Arithmetic,
  snapshot: () => Promise<Weights>,
): Promise<BestEvaluation> {
  if (best && best.arithmetic === arithmetic && validLoss >= best.validLoss) {
    return { ...best, evaluationsSince: best.evaluationsSince + 1 };
  }
  return { validLoss, weights: await snapshot(), arithmetic, evaluationsSince: 0 };
}
