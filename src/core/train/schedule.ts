import type { Quantization, TrainingConfig } from '../model/config';
import type { Arithmetic } from '../model/formats';

/** The completed part of a run; both values grow, only one of them is limited. */
export interface Spent {
  steps: number;
  /** Wall-clock time, earlier parts of a resumed run included. */
  seconds: number;
}

/** Most steps or seconds of a run; the other is infinite. */
export interface Budget {
  steps: number;
  seconds: number;
}

/** The budget of a run; an epoch is as many steps as read the stream's length in tokens. */
export function trainingBudget(training: TrainingConfig, streamTokens: number): Budget {
  if (training.minutes !== undefined) return { steps: Infinity, seconds: training.minutes * 60 };
  if (training.epochs !== undefined) {
    const tokensPerStep = training.batch * training.context;
    const steps = Math.ceil((training.epochs * streamTokens) / tokensPerStep);
    return { steps, seconds: Infinity };
  }
  return { steps: training.steps ?? 0, seconds: Infinity };
}

/** Share of the budget that is spent, in [0, 1]. */
export function progress(budget: Budget, spent: Spent): number {
  if (budget.steps === 0 || budget.seconds === 0) return 1;
  return Math.min(1, Math.max(spent.steps / budget.steps, spent.seconds / budget.seconds));
}

/**
 * Learning rate at a share of the budget: linear warm-up to the peak, then constant, or half a
 * cosine down to zero.
 */
export function learningRate(training: TrainingConfig, share: number): number {
  const { learning_rate: peak, warmup_share: warmup } = training;
  if (share < warmup) return (peak * share) / warmup;
  if (training.schedule === 'constant') return peak;
  if (warmup >= 1) return peak;
  return (peak / 2) * (1 + Math.cos((Math.PI * (share - warmup)) / (1 - warmup)));
}

/**
 * Arithmetic of the step at this share of the budget: the end trains for the device's arithmetic.
 */
export function arithmeticAt({ aware_share }: Quantization, share: number): Arithmetic {
  return aware_share > 0 && share >= 1 - aware_share ? 'device' : 'float';
}
