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
  /** The image is not what the run's folder holds: it was made again. */
  isImageNew: boolean;
}

/**
 * Loads a run and its device image. An image that an interruption lost, that another version of
 * Starmind wrote, or that says other things than the run's model.json and tokenizer by now, is
 * made again from the checkpoint. Nothing is written: a run may lie where nobody may write.
 *
 * @throws StarmindError `run.busy` while it is trained, `image.damaged`, and what model, tokenizer and checkpoint have wrong
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
 * Puts an image that was made again in its place: what is built and flashed has to be found there,
 * to be compared with what a board says.
 *
 * @throws StarmindError `disk.full`, `run.unwritable`
 */
export async function keepImage(run: RunFolder, loaded: LoadedRun): Promise<void> {
  if (loaded.isImageNew) await replaceFile(run.image, loaded.image);
}

/** Whether an image has the sampling and the tokenizer that it would be given today. */
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
