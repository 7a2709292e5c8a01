import { createHash } from 'node:crypto';
import type { ModelConfig, TrainingConfig } from '../../core/model/config';
import type { Weights } from '../../core/model/tensors';
import type { TokenStreams } from '../../core/train/batches';
import { initialWeights } from '../../core/train/initialise';
import { notFinite } from '../../core/train/finite';
import type { Kernels, KernelsFactory, Teacher } from '../../core/train/kernels';
import { freshState, trainLoop } from '../../core/train/loop';
import type { LoopResult, TrainingState } from '../../core/train/loop';
import type { MetricsRecord } from '../../core/train/metrics';
import { exitCodes, StarmindError } from '../starmind-error';
import { checkpointPath, writeCheckpoint } from './checkpoint';
import { MetricsLog } from './metrics';
import { resumePath, writeResumePoint, type ResumePoint } from './resume-file';
import { createWasmKernels } from './wasm-kernels';

export interface TrainOptions {
  config: ModelConfig;
  /** The text of model.json on disk, which the checkpoint includes. */
  modelText: string;
  /** Has to be there. */
  runFolder: string;
  tokens: TokenStreams;
  /** Where an earlier training of the same architecture stopped, to continue from there. */
  from?: ResumePoint | undefined;
  /** Weights to begin with; drawn by the seed without them. */
  initial?: Weights | undefined;
  teacher?: Teacher | undefined;
  /** Called when all is ready, before anything is written, with the steps done so far. */
  onReady?: ((steps: number) => Promise<void>) | undefined;
  /** Called before each write of a checkpoint: what was made from the last one is out of date. */
  onSave?: (() => Promise<void>) | undefined;
  /** As in LoopOptions. */
  clock?: (() => number) | undefined;
  mayGoOn?: (() => Promise<boolean>) | undefined;
  /** Called after each evaluation, with the weights at that time. */
  onEvaluated?: ((step: number, weights: Weights) => Promise<void>) | undefined;
  /** Aborting stops after the step at hand, and writes a checkpoint. */
  signal?: AbortSignal | undefined;
  /** `share` of the budget is spent. */
  onMetrics?: ((record: MetricsRecord, share: number) => void) | undefined;
  /** Defaults to the kernels of this process. */
  createKernels?: KernelsFactory | undefined;
  /** Defaults to one a core, up to 8. The results do not depend on it. */
  threads?: number | undefined;
}

export interface TrainResult {
  steps: number;
  tokens: number;
  /** Nats per token; null when the run had no step or no held-out text. */
  train_loss: number | null;
  valid_loss: number | null;
  tokens_per_second: number;
  seconds: number;
  stopped: 'done' | 'ended' | 'early' | 'interrupted';
  /** Step of the best evaluation, whose weights are kept; else the last one. */
  kept_step: number;
  weights: Weights;
}

/** Trains a model and keeps its checkpoint and metrics in the run folder. */
export async function trainRun(options: TrainOptions): Promise<TrainResult> {
  const { config, runFolder, tokens } = options;
  const { architecture, training } = config;
  checkTokens(tokens.train, architecture.vocab_size, 'training');
  checkTokens(tokens.valid, architecture.vocab_size, 'validation');
  const digest = digestOf(tokens);
  requireSameTokens(options.from, digest);
  const { createKernels = createWasmKernels } = options;
  const kernels = await createKernels({
    architecture,
    quantization: config.quantization,
    optimizer: training.optimizer,
    batch: training.batch,
    context: training.context,
    weightDecay: training.weight_decay,
    gradientClip: training.gradient_clip,
    teacher: options.teacher,
    threads: options.threads,
  });
  try {
    const state = await prepare(kernels, options);
    await options.onReady?.(state.steps);
    let savedAt = options.from?.state.steps;
    const metrics = new MetricsLog(runFolder, state.steps);
    const result = await trainLoop(kernels, {
      config,
      tokens,
      state,
      clock: options.clock ?? (() => performance.now() / 1000),
      mayGoOn: options.mayGoOn,
      onEvaluated: async (step) => options.onEvaluated?.(step, await kernels.readParameters()),
      signal: options.signal,
      onMetrics: (record, share) => {
        metrics.append(record);
        options.onMetrics?.(record, share);
      },
      onCheckpoint: async (reached) => {
        await save(kernels, options, reached, digest, savedAt);
        savedAt = reached.steps;
      },
      onKept: async (step) => {
        const weights = await kernels.readParameters();
        const checkpoint = { weights, modelText: options.modelText, step };
        await writeCheckpoint(checkpointPath(runFolder), architecture, checkpoint);
      },
    });
    return summarise(result, await kernels.readParameters(), training, savedAt);
  } finally {
    await kernels.dispose();
  }
}

/** Every id is an index into the embedding: one beyond it would read other memory. */
function checkTokens(stream: Uint16Array, vocabSize: number, what: string): void {
  if (what === 'training' && stream.length === 0) {
    throw new StarmindError(
      'data.empty',
      exitCodes.input,
      'There is no text to train on.',
      'Give data.source a text with at least one document.',
    );
  }
  const stray = stream.find((token) => token >= vocabSize);
  if (stray !== undefined) {
    throw new StarmindError(
      'data.token-range',
      exitCodes.input,
      `The ${what} data hold token ${stray}; architecture.vocab_size is ${vocabSize}.`,
      'Use a tokenizer of at most vocab_size tokens.',
    );
  }
}

function digestOf({ train, valid }: TrainOptions['tokens']): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of [train, valid]) {
    hash.update(`${byteLength}:`).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}

/** Other tokens would be another training, and held-out text might have been trained on. */
function requireSameTokens(from: ResumePoint | undefined, digest: string): void {
  if (from?.tokensDigest === undefined || from.tokensDigest === digest) return;
  throw new StarmindError(
    'resume.tokens',
    exitCodes.input,
    'The text gives other tokens than when the run was trained: data.source, the validation file or the tokenizer of the run have changed.',
    'Put the files back as they were, or train anew without --resume: the earlier training is kept.',
  );
}

/** Fills the kernels from where an earlier training stopped, or with initial weights. */
async function prepare(
  kernels: Kernels,
  { config, from, initial }: TrainOptions,
): Promise<TrainingState> {
  const { architecture, training } = config;
  if (!from) {
    await kernels.writeParameters(initial ?? initialWeights(architecture, training.seed));
    return freshState;
  }
  await kernels.writeParameters(from.parameters);
  await kernels.writeMoments(from.moments);
  return from.state;
}

async function save(
  kernels: Kernels,
  { config, modelText, runFolder, onSave }: TrainOptions,
  state: TrainingState,
  tokensDigest: string,
  savedAt: number | undefined,
): Promise<void> {
  const { architecture } = config;
  const parameters = await kernels.readParameters();
  // The last update may break weights that no loss has used yet.
  const broken = notFinite(parameters);
  if (broken !== undefined) throw diverged(state.steps, broken, config.training, savedAt);
  const moments = await kernels.readMoments();
  await onSave?.();
  const { optimizer } = config.training;
  const point = { parameters, moments, state, optimizer, tokensDigest };
  await writeResumePoint(resumePath(runFolder), architecture, point);
  const checkpoint = { weights: parameters, modelText, step: state.steps };
  await writeCheckpoint(checkpointPath(runFolder), architecture, checkpoint);
}

function summarise(
  { state, stopped, reason, keptStep, tokensPerSecond }: LoopResult,
  weights: Weights,
  training: TrainingConfig,
  savedAt: number | undefined,
): TrainResult {
  if (stopped === 'diverged') {
    throw diverged(state.steps, notFinite(weights) ?? reason ?? stopped, training, savedAt);
  }
  return {
    steps: state.steps,
    tokens: state.tokens,
    train_loss: state.trainLoss,
    valid_loss: state.validLoss,
    tokens_per_second: tokensPerSecond,
    seconds: state.seconds,
    stopped,
    kept_step: keptStep,
    weights,
  };
}

/** How much lower a rate is proposed to a training that has diverged. */
const lowerRate = 1 / 3;

/**
 * @param what has happened
 * @param savedAt step of the last checkpoint, which is from before
 */
function diverged(
  steps: number,
  what: string,
  { learning_rate }: TrainingConfig,
  savedAt: number | undefined,
): StarmindError {
  const rate = Number((learning_rate * lowerRate).toPrecision(1));
  const remedy = `Set training.learning_rate to ${rate} (it is ${learning_rate})`;
  return new StarmindError(
    'training.diverged',
    exitCodes.input,
    `The training has left its way at step ${steps}: ${what}.`,
    savedAt === undefined
      ? `${remedy}, and train again.`
      : `${remedy}, and go on from the checkpoint of step ${savedAt}, which is from before, with --resume.`,
  );
}
