import type { ModelConfig } from '../model/config';
import type { Arithmetic } from '../model/formats';
import { batchSampler, type TokenStreams } from './batches';
import { noteEvaluation } from './early-stopping';
import { DivergenceWatch } from './divergence';
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
  /** Absent before the first evaluation. */
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
  /**
   * Called at the end when the weights of an earlier step are kept, which the kernels hold then.
   * The checkpoint before it is the point to go on from.
   */
  onKept?: ((step: number) => Promise<void>) | undefined;
}

export interface LoopResult {
  state: TrainingState;
  /**
   * `ended`: by the user, who keeps the model as it is. `diverged`: the loss is not finite any more,
   * or most of what was learnt is lost; the last checkpoint is from before.
   */
  stopped: 'done' | 'ended' | 'early' | 'interrupted' | 'diverged';
  /** How a diverged training has left its way. */
  reason?: string;
  /** Steps after which the weights were as they are now: those of the best evaluation are kept. */
  keptStep: number;
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
  const watch = new DivergenceWatch(config.architecture.vocab_size);
  const state: TrainingState = { ...options.state };
  let secondsPerStep = groupSeconds;
  let keptStep: number | undefined;
  let hasCheckpoint = options.state.steps > 0;
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

  /** Runs a group of steps; false when the training has left its way. */
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
    results.forEach(({ loss, gradientNorm }, index) => {
      const isNumber = Number.isFinite(gradientNorm);
      watch.add(isNumber ? loss : NaN, group[index]?.arithmetic ?? 'float');
    });
    return !watch.isLost;
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
    const evaluation = { step: state.steps, validLoss, arithmetic: evaluatedIn };
    state.best = await noteEvaluation(state.best, evaluation, () => kernels.readParameters());
    const { early_stopping: patience } = training;
    return patience > 0 && state.best.evaluationsSince >= patience;
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
      const isDueToSave = state.steps % training.checkpoint_every === 0;
      if (isDueToSave && !watch.isDoubtful) await saveState();
    }
    return 'done';
  }

  /** Puts the weights of the best evaluation back: training on has made the model worse. */
  async function keepBest(): Promise<void> {
    const { best, validLoss } = state;
    if (!best || validLoss === null || best.arithmetic !== arithmetic(share())) return;
    if (best.validLoss >= validLoss) return;
    await kernels.writeParameters(best.weights);
    state.validLoss = best.validLoss;
    keptStep = best.step ?? state.steps;
    await options.onKept?.(keptStep);
  }

  async function saveState(): Promise<void> {
    await onCheckpoint({ ...state });
    hasCheckpoint = true;
  }

  /** Evaluates, reports and saves the final state. */
  async function finish(stopped: LoopResult['stopped']): Promise<void> {
    if (stopped === 'diverged') return;
    const isOver = stopped !== 'interrupted';
    if (isOver && stopped !== 'early' && state.steps > options.state.steps) await evaluate();
    report();
    // The checkpoint from before is better than one of a training that may be lost.
    if (!(hasCheckpoint && watch.isDoubtful)) await saveState();
    if (isOver) await keepBest();
  }

  const stopped = await run();
  await finish(stopped);
  const tokensPerSecond = meter.overallTokensPerSecond;
  const reason = stopped === 'diverged' ? { reason: watch.reason } : {};
  return { state, stopped, ...reason, keptStep: keptStep ?? state.steps, tokensPerSecond };
}

function validationWindows(
  { valid, endOfText }: TokenStreams,
  context: number,
): EvaluationWindow[] {
  return sampleWindows(planWindows(valid, endOfText, context), evaluationTargets);
}
