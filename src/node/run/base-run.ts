import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ModelConfig } from '../../core/model/config';
import type { Weights } from '../../core/model/tensors';
import type { TokenizerModel } from '../../core/tokenizer/model';
import { otherThanBase } from '../../core/model/base-tokenizer';
import { misfits } from '../../core/tokenizer/fit';

import { exitCodes, StarmindError } from '../starmind-error';
import { readCheckpoint } from '../train/checkpoint';
import { requireRun, type RunFolder } from './folder';
import { requireNoTraining } from './run-owner';
import { importTokenizer, loadTokenizer } from './tokenizer-file';

/** The run with which a training begins. */
export interface BaseRun {
  weights: Weights;
  tokenizer: TokenizerModel;
}

/** The folder of a run that model.json names. */
export function namedRun(modelFile: string, path: string): RunFolder {
  return requireRun(resolve(dirname(resolve(modelFile)), path));
}

/**
 * Loads the run of `training.from`; undefined without one.
 *
 * @param run where the training will be
 * @throws StarmindError `run.missing`, `run.busy`, `training.from-itself`, `training.from-tokenizer`,
 *   and errors of checkpoint and tokenizer
 */
export async function loadBaseRun(
  modelFile: string,
  config: ModelConfig,
  run: RunFolder,
): Promise<BaseRun | undefined> {
  const { from } = config.training;
  if (from === undefined) return undefined;
  const base = namedRun(modelFile, from);
  if (isSame(base, run)) throw fromItself(run);
  await requireNoTraining(base);
  const tokenizer = await loadTokenizer(base.tokenizer);
  const [misfit] = misfits(tokenizer, config.architecture.vocab_size, base.tokenizer);
  if (misfit) {
    throw new StarmindError(misfit.code, exitCodes.input, misfit.message, misfit.fix ?? '');
  }
  await requireSameTokenizer(modelFile, config, tokenizer);
  const { weights } = await readCheckpoint(base.checkpoint, config.architecture);
  return { weights, tokenizer };
}

/** A model.json may leave its tokenizer out; one that it names has to be that of the run. */
async function requireSameTokenizer(
  modelFile: string,
  config: ModelConfig,
  base: TokenizerModel,
): Promise<void> {
  const { tokenizer } = config;
  const named =
    tokenizer.type === 'file'
      ? (await importTokenizer(resolve(dirname(modelFile), tokenizer.path), config)).tokenizer
      : undefined;
  const [problem] = otherThanBase(config, base, named);
  if (!problem) return;
  throw new StarmindError(problem.code, exitCodes.input, problem.message, problem.fix ?? '');
}

function isSame(one: RunFolder, other: RunFolder): boolean {
  try {
    return realpathSync(one.path) === realpathSync(other.path);
  } catch {
    return false;
  }
}

function fromItself({ path }: RunFolder): StarmindError {
  return new StarmindError(
    'training.from-itself',
    exitCodes.input,
    `${path} is the run with which the training begins; a new training would take its place.`,
    'Give the model another name, or train into another folder with --out DIR.',
  );
}
