import type { Arithmetic } from '../model/formats';
import type { Weights } from '../model/tensors';

/** The best evaluation so far, and the model at that time. */
export interface BestEvaluation {
  /** Steps done before it; absent in runs of earlier versions. */
  step?: number;
  validLoss: number;
  weights: Weights;
  /** Arithmetic of the evaluation; losses of different arithmetics are not comparable. */
  arithmetic: Arithmetic;
  /** Evaluations after it, none of them better. */
  evaluationsSince: number;
}

/** Records an evaluation; calls `snapshot` when it is the new best. */
export async function noteEvaluation(
  best: BestEvaluation | undefined,
  { step, validLoss, arithmetic }: Pick<BestEvaluation, 'step' | 'validLoss' | 'arithmetic'>,
  snapshot: () => Promise<Weights>,
): Promise<BestEvaluation> {
  // A loss that is no number is no better one, and gives way to any that is.
  const isBetter = !best || Number.isNaN(best.validLoss) || validLoss < best.validLoss;
  if (best && best.arithmetic === arithmetic && !isBetter) {
    return { ...best, evaluationsSince: best.evaluationsSince + 1 };
  }
  return { step, validLoss, weights: await snapshot(), arithmetic, evaluationsSince: 0 };
}
