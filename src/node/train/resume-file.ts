import { join } from 'node:path';
import type { Architecture } from '../../core/model/config';
import { optimizers, type Optimizer } from '../../core/model/options';
import type { Weights } from '../../core/model/tensors';
import type { BestEvaluation } from '../../core/train/early-stopping';
import type { OptimizerMoments } from '../../core/train/kernels';
import { notFinite } from '../../core/train/finite';
import type { TrainingState } from '../../core/train/loop';
import { namedTensors, readTensorFile, weightsIn, writeTensorFile } from './checkpoint';
import type { WriteFile } from './checkpoint';
import { brokenCheckpoint, foreignCheckpoint } from './checkpoint-errors';

/**
 * The state that resuming a run needs. It holds the parameters too, so that one atomic write keeps
 * them and the optimiser state from the same step; checkpoint.safetensors is for other programs.
 */
export interface ResumePoint {
  parameters: Weights;
  moments: OptimizerMoments;
  state: TrainingState;
  /** Whose moments these are. */
  optimizer: Optimizer;
  /** Digest of the tokens that it was trained on; absent in files of earlier versions. */
  tokensDigest: string | undefined;
}

const stateKey = 'training_state';
const tokensKey = 'tokens_sha256';
const optimizerKey = 'optimizer';

/** The one that trained the files which name none: there was no other. */
const firstOptimizer: Optimizer = 'adamw';

const prefixes = {
  parameters: 'parameter.',
  first: 'first_moment.',
  second: 'second_moment.',
  best: 'best.',
} as const;

export function resumePath(runFolder: string): string {
  return join(runFolder, 'optimizer.safetensors');
}

/** The part of the state that is text: the weights of the best evaluation are tensors. */
type StateText = Omit<TrainingState, 'best'> & {
  best?: Omit<BestEvaluation, 'weights'>;
};

/** Files of earlier versions record whether the best evaluation was quantised, or its format. */
function namesArithmetic(
  best: Omit<BestEvaluation, 'weights'> & { quantized?: boolean },
): Omit<BestEvaluation, 'weights'> {
  const { quantized, arithmetic, ...evaluation } = best;
  const isFloat = quantized === undefined ? arithmetic === 'float' : !quantized;
  return { ...evaluation, arithmetic: isFloat ? 'float' : 'device' };
}

export async function writeResumePoint(
  path: string,
  architecture: Architecture,
  { parameters, moments, state, optimizer, tokensDigest }: ResumePoint,
  write?: WriteFile,
): Promise<void> {
  const { best, ...counters } = state;
  const text: StateText = counters;
  if (best) {
    const { weights: _, ...evaluation } = best;
    text.best = evaluation;
  }
  const tensors = new Map([
    ...namedTensors(architecture, parameters, prefixes.parameters),
    ...namedTensors(architecture, moments.first, prefixes.first),
    ...namedTensors(architecture, moments.second, prefixes.second),
    ...(best ? namedTensors(architecture, best.weights, prefixes.best) : []),
  ]);
  const metadata = new Map([
    [stateKey, JSON.stringify(text)],
    [optimizerKey, optimizer],
  ]);
  if (tokensDigest !== undefined) metadata.set(tokensKey, tokensDigest);
  await writeTensorFile(path, { tensors, metadata }, write);
}

/** @throws StarmindError `checkpoint.*` */
export async function readResumePoint(
  path: string,
  architecture: Architecture,
): Promise<ResumePoint> {
  const file = await readTensorFile(path);
  const text = file.metadata.get(stateKey);
  if (text === undefined) throw foreignCheckpoint(path, 'it has no training state.');
  const { best, ...counters } = JSON.parse(text) as StateText;
  const weights = (prefix: string) => weightsIn(path, file, architecture, prefix);
  const state: TrainingState = counters;
  if (best) state.best = { ...namesArithmetic(best), weights: weights(prefixes.best) };
  const parameters = weights(prefixes.parameters);
  const broken = notFinite(parameters);
  if (broken !== undefined) throw brokenCheckpoint(path, `after step ${state.steps}, ${broken}.`);
  return {
    parameters,
    moments: { first: weights(prefixes.first), second: weights(prefixes.second) },
    state,
    optimizer:
      optimizers.find((name) => name === file.metadata.get(optimizerKey)) ?? firstOptimizer,
    tokensDigest: file.metadata.get(tokensKey),
  };
}
