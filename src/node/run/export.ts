import { createHash } from 'node:crypto';
import { placed } from '../../core/estimate/placement';
import { writeImage } from '../../core/export/image';
import type { ModelConfig } from '../../core/model/config';
import type { Weights } from '../../core/model/tensors';
import type { Problem } from '../../core/problem';
import { misfits } from '../../core/tokenizer/fit';
import type { TokenizerModel } from '../../core/tokenizer/model';
import { writeHuggingFace } from '../../core/tokenizer/hf-write';
import { exitCodes, StarmindError } from '../starmind-error';
import { readCheckpoint } from '../train/checkpoint';
import { loadModel, type RunFolder } from './folder';
import { loadTokenizer } from './tokenizer-file';
import { requireNoTraining } from './run-owner';

export function digest(content: Uint8Array | string): Uint8Array {
  return createHash('sha256').update(content).digest();
}

/** The device image of a trained model. */
export function exportImage(
  config: ModelConfig,
  weights: Weights,
  tokenizer: TokenizerModel,
): Uint8Array {
  return writeImage({
    architecture: config.architecture,
    quantization: config.quantization,
    streamed: placed(config).streamed,
    weights,
    tokenizer,
    sampling: config.target.sampling,
    whenFull: config.target.when_full,
    tokenizerHash: digest(writeHuggingFace(tokenizer)),
    digest,
  });
}

/** Everything a run holds about its model. */
export interface LoadedRun {
  config: ModelConfig;
  /** The float model. */
  weights: Weights;
  tokenizer: TokenizerModel;
  image: Uint8Array;
}

/**
 * Loads a run and makes its device image from what is there now. Quantising takes milliseconds, so
 * no command relies on the image file of the run: a killed training, a copied checkpoint, an edited
 * model.json or another version of Starmind may have left one of another model. Writes nothing: the
 * run may lie in a read-only folder.
 *
 * @throws StarmindError `run.busy` while it is being trained, `tokenizer.vocabulary`, and errors
 *   of model, tokenizer and checkpoint
 */
export async function loadRun(run: RunFolder): Promise<LoadedRun> {
  await requireNoTraining(run);
  const { config } = await loadModel(run.model);
  const { weights } = await readCheckpoint(run.checkpoint, config.architecture);
  const tokenizer = await loadTokenizer(run.tokenizer);
  const [misfit] = misfits(tokenizer, config.architecture.vocab_size, run.tokenizer);
  if (misfit) throw foreignTokenizer(misfit);
  return { config, weights, tokenizer, image: exportImage(config, weights, tokenizer) };
}

/** A tokenizer that the run was not trained with: a larger vocab_size would not fit its checkpoint. */
function foreignTokenizer({ code, message }: Problem): StarmindError {
  return new StarmindError(
    code,
    exitCodes.input,
    message,
    'Use the tokenizer.json that the model was trained with, or train again.',
  );
}
