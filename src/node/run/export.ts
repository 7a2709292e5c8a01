import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hashBytes, writeImage } from '../../core/export/image';
import { isIntact } from '../../core/export/image-header';
import type { ModelConfig } from '../../core/model/config';
import { tensorSpecs, type Weights } from '../../core/model/tensors';
import type { TokenizerModel } from '../../core/tokenizer/model';
import { writeHuggingFace } from '../../core/tokenizer/hf-write';
import { exitCodes, StarmindError } from '../starmind-error';
import { replaceFile } from '../files';
import { readCheckpoint } from '../train/checkpoint';
import { loadModel, type RunFolder } from './folder';
import { loadTokenizer } from './tokenizer-file';
import { requireNoTraining } from './run-owner';

function digest(parts: Iterable<Uint8Array | string>): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest().subarray(0, hashBytes);
}

/** Identifies a trained model: its architecture and every weight. */
function modelHash(config: ModelConfig, weights: Weights): Uint8Array {
  const tensors = tensorSpecs(config.architecture).map(({ name }) => {
    const data = weights.get(name) ?? new Float32Array();
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  });
  return digest([JSON.stringify(config.architecture), ...tensors]);
}

/** The device image of a trained model. */
export function exportImage(
  config: ModelConfig,
  weights: Weights,
  tokenizer: TokenizerModel,
): Uint8Array {
  return writeImage({
    architecture: config.architecture,
    weights,
    tokenizer,
    modelHash: modelHash(config, weights),
    tokenizerHash: digest([writeHuggingFace(tokenizer)]),
  });
}

/** Everything a run holds about its model. */
export interface LoadedRun {
  config: ModelConfig;
  tokenizer: TokenizerModel;
  image: Uint8Array;
}

/**
 * Loads a run and its device image; an image that an interruption lost is written again.
 *
 * @throws StarmindError `run.busy` while it is trained, `image.damaged`, and what model, tokenizer and checkpoint have wrong
 */
export async function loadRun(run: RunFolder): Promise<LoadedRun> {
  await requireNoTraining(run);
  const { config } = await loadModel(run.model);
  const tokenizer = await loadTokenizer(run.tokenizer);
  if (existsSync(run.image)) {
    const image = await readFile(run.image);
    if (!isIntact(image)) throw imageDamaged(run.image);
    return { config, tokenizer, image };
  }
  const { weights } = await readCheckpoint(run.checkpoint, config.architecture);
  const image = exportImage(config, weights, tokenizer);
  await replaceFile(run.image, image);
  return { config, tokenizer, image };
}

function imageDamaged(image: string): StarmindError {
  return new StarmindError(
    'image.damaged',
    exitCodes.input,
    `${image} is damaged: its length or its CRC-32 is another than when it was written.`,
    'Delete it: it is made again from the checkpoint beside it.',
  );
}
