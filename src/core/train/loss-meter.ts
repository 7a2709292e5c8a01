import type { StepResult } from './kernels';
import type { MetricsRecord } from './metrics';
import type { Arithmetic } from '../model/formats';

/** Nats per token on held-out text. */
export type ValidLosses = Record<Arithmetic, number>;

/** The fields of a record that concern the run as a whole. */
interface RunState {
  steps: number;
  tokens: number;
  seconds: number;
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

  /**
   * A record of the steps since the last one, or undefined when there were none.
   *
   * @param evaluated at the last of these steps, if it was evaluated
   */
  takeRecord(state: RunState, evaluated: ValidLosses | undefined): MetricsRecord | undefined {
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
    // Too little held-out text measures nothing: its mean is no number.
    if (evaluated && Number.isFinite(evaluated.float)) record.valid_loss = evaluated.float;
    if (evaluated && Number.isFinite(evaluated.device)) record.valid_loss_device = evaluated.device;
    this.steps = this.lossSum = this.tokens = this.seconds = 0;
    return record;
  }
}
