import type { StepResult } from './kernels';
import type { MetricsRecord } from './metrics';

/** The fields of a record that concern the run as a whole. */
interface RunState {
  steps: number;
  tokens: number;
  seconds: number;
  validLoss: number | null;
}

/** Averages steps between two records. */
export class LossMeter {
  private steps = 0;
  private lossSum = 0;
  private learningRate = 0;
  private gradientNorm = 0;
  private tokens = 0;
  private allTokens = 0;
  private allSeconds = 0;
  /** Seconds of training since the last record. */
  seconds = 0;

  /** Adds a group of steps that took `seconds` together. */
  add(
    results: readonly StepResult[],
    learningRate: number,
    tokensPerStep: number,
    seconds: number,
  ): void {
    for (const { loss, gradientNorm } of results) {
      this.lossSum += loss;
      this.gradientNorm = gradientNorm;
    }
    this.learningRate = learningRate;
    this.steps += results.length;
    this.tokens += results.length * tokensPerStep;
    this.seconds += seconds;
    this.allTokens += results.length * tokensPerStep;
    this.allSeconds += seconds;
  }

  /** Tokens per second over everything added. */
  get overallTokensPerSecond(): number {
    return this.allSeconds > 0 ? this.allTokens / this.allSeconds : 0;
  }

  /** A record of the steps since the last one, or undefined when there were none. */
  takeRecord(state: RunState, isEvaluated: boolean): MetricsRecord | undefined {
    if (this.steps === 0) return undefined;
    const record: MetricsRecord = {
      step: state.steps,
      tokens: state.tokens,
      loss: this.lossSum / this.steps,
      lr: this.learningRate,
      grad_norm: this.gradientNorm,
      tokens_per_second: this.seconds > 0 ? this.tokens / this.seconds : 0,
      seconds: state.seconds,
    };
    if (isEvaluated && state.validLoss !== null) record.valid_loss = state.validLoss;
    this.steps = this.lossSum = this.tokens = this.seconds = 0;
    return record;
  }
}
