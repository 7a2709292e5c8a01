import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { writeImage } from '../../core/export/image';
import { imageVersion } from '../../core/export/image-fields';
import { imageVersionOf, isIntact, readImageHeader } from '../../core/export/image-header';
import type { ModelConfig } from '../../core/model/config';
import { isSameSampling } from '../../core/quant/scale';
import type { Weights } from '../../core/model/tensors';
import type { TokenizerModel } from '../../core/tokenizer/model';
import { writeHuggingFace } from '../../core/tokenizer/hf-write';
import { exitCodes, StarmindError } from '../starmind-error';
import { replaceFile } from '../files';
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
    weights,
    tokenizer,
    sampling: config.target.sampling,
    tokenizerHash: digest(writeHuggingFace(tokenizer)),
    digest,
  });
}

/** Everything a run holds about its model. */
export interface LoadedRun {
  config: ModelConfig;
  tokenizer: TokenizerModel;
  image: Uint8Array;
  /** The image was made again, so it differs from the file in the run's folder. */
  isImageNew: boolean;
}

/**
 * Loads a run and its device image. Makes the image again from the checkpoint when an interruption
 * lost it, another version of Starmind wrote it, or it no longer agrees with the run's model.json
 * and tokenizer. Writes nothing: the run may lie in a read-only folder.
 *
 * @throws StarmindError `run.busy` while it is being trained, `image.damaged`, and errors of
 *   model, tokenizer and checkpoint
 */
export async function loadRun(run: RunFolder): Promise<LoadedRun> {
  await requireNoTraining(run);
  const { config } = await loadModel(run.model);
  const tokenizer = await loadTokenizer(run.tokenizer);
  if (existsSync(run.image)) {
    const image = await readFile(run.image);
    const version = imageVersionOf(image);
    const isOfAnother = version !== undefined && version !== imageVersion;
    if (!isOfAnother && !isIntact(image)) throw imageDamaged(run.image);
    if (!isOfAnother && saysTheSame(image, config, tokenizer)) {
      return { config, tokenizer, image, isImageNew: false };
    }
  }
  const { weights } = await readCheckpoint(run.checkpoint, config.architecture);
  const image = exportImage(config, weights, tokenizer);
  return { config, tokenizer, image, isImageNew: true };
}

/**
 * Writes an image that was made again to the run's folder: later commands compare the built and
 * flashed image with the board's report.
 *
 * @throws StarmindError `disk.full`, `run.unwritable`
 */
export async function keepImage(run: RunFolder, loaded: LoadedRun): Promise<void> {
  if (loaded.isImageNew) await replaceFile(run.image, loaded.image);
}

/** Whether an image has the sampling and the tokenizer that an export would write now. */
function saysTheSame(image: Uint8Array, config: ModelConfig, tokenizer: TokenizerModel): boolean {
  const header = readImageHeader(image);
  const words = Buffer.from(digest(writeHuggingFace(tokenizer))).toString('hex');
  return (
    header !== undefined &&
    words.startsWith(header.tokenizerHash) &&
    isSameSampling(header.sampling, config.target.sampling)
  );
}

function imageDamaged(image: string): StarmindError {
  return new StarmindError(
    'image.damaged',
    exitCodes.input,
    `${image} is damaged: its length or its CRC-32 is another than when it was written.`,
    'Delete it: it is made again from the checkpoint beside it.',
  );
}
