import type { ModelConfig } from '../model/config';
import type { Arithmetic } from '../model/formats';
import { batchSampler, type TokenStreams } from './batches';
import { noteEvaluation } from './early-stopping';
import type { BestEvaluation } from './early-stopping';
import type { EvaluationWindow, Kernels, TrainingStep } from './kernels';
import { LossMeter, type ValidLosses } from './loss-meter';
import type { MetricsRecord } from './metrics';
import { arithmeticAt, learningRate, progress, trainingBudget } from './schedule';
import type { Spent } from './schedule';
import { planWindows, sampleWindows, scoredTargets } from './windows';

/** State of a run; with the parameters and moments, all that resuming needs. */
export interface TrainingState extends Spent {
  tokens: number;
  /** Training loss of the last report and of the last evaluation, nats per token. */
  trainLoss: number | null;
  validLoss: number | null;
  /** Kept while early stopping is on. */
  best?: BestEvaluation;
}

export const freshState: Readonly<TrainingState> = {
  steps: 0,
  seconds: 0,
  tokens: 0,
  trainLoss: null,
  validLoss: null,
};

export interface LoopOptions {
  config: ModelConfig;
  tokens: TokenStreams;
  state: TrainingState;
  /** Wall-clock seconds from any start. */
  clock: () => number;
  signal?: { readonly aborted: boolean } | undefined;
  /**
   * Called before each group of steps: waits for as long as the user has paused the training, which
   * `clock` must not count, and returns false to end it with what it has learnt so far.
   */
  mayGoOn?: (() => Promise<boolean>) | undefined;
  /** Called after each evaluation, before its record. */
  onEvaluated?: ((step: number) => Promise<void>) | undefined;
  /** `share` is how much of the budget is spent. */
  onMetrics: (record: MetricsRecord, share: number) => void;
  /** Called between steps, at the interval and at the end: kernels and state belong together. */
  onCheckpoint: (state: TrainingState) => Promise<void>;
}

export interface LoopResult {
  state: TrainingState;
  /**
   * `ended`: by the user, who keeps the model as it is. `diverged`: the loss is not finite any more;
   * the last checkpoint is from before.
   */
  stopped: 'done' | 'ended' | 'early' | 'interrupted' | 'diverged';
  /** Speed of this call, without the time of evaluations. */
  tokensPerSecond: number;
}

/** Targets that an evaluation during training scores at most. */
const evaluationTargets = 32_768;

/** Steps run in groups of about this long, so that handing them over costs little. */
const groupSeconds = 0.1;

const secondsBetweenReports = 0.5;

/** Steps until the count is a multiple of `interval`; at least one. */
function stepsUntil(interval: number, steps: number): number {
  return interval - (steps % interval);
}

/** Trains until the budget is spent, the loss stops falling or the caller aborts. */
export async function trainLoop(kernels: Kernels, options: LoopOptions): Promise<LoopResult> {
  const { config, clock, signal, onMetrics, onCheckpoint } = options;
  const { training, quantization } = config;
  const sampler = batchSampler(options.tokens.train, options.tokens.endOfText, training);
  const windows = validationWindows(options.tokens, training.context);
  const budget = trainingBudget(training, options.tokens.train.length);
  const tokensPerStep = training.batch * training.context;
  const start = clock() - options.state.seconds;
  const meter = new LossMeter();
  const state: TrainingState = { ...options.state };
  let secondsPerStep = groupSeconds;
  let evaluated: { at: number; losses: ValidLosses } | undefined;

  const share = () => progress(budget, state);
  const arithmetic = (at: number) => arithmeticAt(quantization, at);

  /** The step `ahead` steps after the next one, with the rate of the middle of its time. */
  function plan(ahead: number): TrainingStep {
    const at = progress(budget, {
      steps: state.steps + ahead + 0.5,
      seconds: state.seconds + (ahead + 0.5) * secondsPerStep,
    });
    return {
      number: state.steps + ahead + 1,
      learningRate: learningRate(training, at),
      arithmetic: arithmetic(at),
      tokens: sampler.tokensOfStep(state.steps + ahead),
    };
  }

  function planGroup(): TrainingStep[] {
    const count = Math.min(
      kernels.stepCapacity,
      Math.max(1, Math.floor(groupSeconds / secondsPerStep)),
      budget.steps - state.steps,
      stepsUntil(training.evaluate_every, state.steps),
      stepsUntil(training.checkpoint_every, state.steps),
    );
    return Array.from({ length: count }, (_, ahead) => plan(ahead));
  }

  /** Runs a group of steps; false when the loss is not finite any more. */
  async function advance(): Promise<boolean> {
    const group = planGroup();
    const began = clock();
    const results = await kernels.runSteps(group);
    const seconds = clock() - began;
    secondsPerStep = seconds / group.length;
    state.steps += group.length;
    state.tokens += group.length * tokensPerStep;
    state.seconds = clock() - start;
    meter.add(results, group.at(-1)?.learningRate ?? 0, tokensPerStep, seconds);
    return results.every(
      ({ loss, gradientNorm }) => Number.isFinite(loss) && Number.isFinite(gradientNorm),
    );
  }

  const isEvaluated = () => evaluated?.at === state.steps;

  async function lossIn(arithmetic: Arithmetic): Promise<number> {
    const nats = await kernels.evaluate(windows, arithmetic);
    return nats.reduce((sum, value) => sum + value, 0) / scoredTargets(windows);
  }

  /** Scores the held-out windows; true when training should stop. */
  async function evaluate(): Promise<boolean> {
    if (windows.length === 0 || isEvaluated()) return false;
    const evaluatedIn = arithmetic(share());
    const losses = { float: await lossIn('float'), device: await lossIn('device') };
    evaluated = { at: state.steps, losses };
    const validLoss = losses[evaluatedIn];
    state.validLoss = validLoss;
    await options.onEvaluated?.(state.steps);
    state.seconds = clock() - start;
    if (training.early_stopping === 0) return false;
    state.best = await noteEvaluation(state.best, validLoss, evaluatedIn, () =>
      kernels.readParameters(),
    );
    return state.best.evaluationsSince >= training.early_stopping;
  }

  function report(): void {
    const record = meter.takeRecord(state, isEvaluated() ? evaluated?.losses : undefined);
    if (!record) return;
    state.trainLoss = record.loss;
    onMetrics(record, share());
  }

  async function run(): Promise<LoopResult['stopped']> {
    while (share() < 1) {
      if (options.mayGoOn && !(await options.mayGoOn())) return 'ended';
      if (signal?.aborted) return 'interrupted';
      if (!(await advance())) return 'diverged';
      if (state.steps % training.evaluate_every === 0 && (await evaluate())) return 'early';
      const isDue = isEvaluated() || meter.seconds >= secondsBetweenReports;
      // The last report waits for the last evaluation.
      if (isDue && share() < 1) report();
      if (state.steps % training.checkpoint_every === 0) await onCheckpoint({ ...state });
    }
    return 'done';
  }

  /** Evaluates, reports and saves the final state. */
  async function finish(stopped: LoopResult['stopped']): Promise<void> {
    if (stopped === 'diverged') return;
    if ((stopped === 'done' || stopped === 'ended') && state.steps > options.state.steps)
      await evaluate();
    report();
    if (stopped === 'early' && state.best) {
      await kernels.writeParameters(state.best.weights);
      state.validLoss = state.best.validLoss;
    }
    await onCheckpoint({ ...state });
  }

  const stopped = await run();
  await finish(stopped);
  return { state, stopped, tokensPerSecond: meter.overallTokensPerSecond };
}

function validationWindows(
  { valid, endOfText }: TokenStreams,
  context: number,
): EvaluationWindow[] {
  return sampleWindows(planWindows(valid, endOfText, context), evaluationTargets);
}
