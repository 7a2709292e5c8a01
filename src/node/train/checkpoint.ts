import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../../core/model/config';
import { tensorSpecs } from '../../core/model/tensors';
import type { Weights } from '../../core/model/tensors';
import { parseSafetensors, serialiseSafetensors } from '../../core/train/safetensors';
import type { Tensor, TensorFile } from '../../core/train/safetensors';
import { notFinite } from '../../core/train/finite';
import { replaceFile, unwritable } from '../files';
import { brokenCheckpoint, mismatchingCheckpoint, unreadableCheckpoint } from './checkpoint-errors';

/** A trained model in the format that other programs read. */
export interface Checkpoint {
  weights: Weights;
  /** The model.json it was trained with; absent in files of other programs. */
  modelText: string | undefined;
  /** Optimiser steps behind it. */
  step: number;
}

const modelKey = 'model.json';
const stepKey = 'step';

export function checkpointPath(runFolder: string): string {
  return join(runFolder, 'checkpoint.safetensors');
}

/** As `replaceFile`; tests inject one that fails. */
export type WriteFile = (path: string, bytes: Uint8Array) => Promise<void>;

/** Reads a safetensors file. @throws StarmindError `checkpoint.*` */
export async function readTensorFile(path: string): Promise<TensorFile> {
  try {
    return parseSafetensors(await readFile(path));
  } catch (cause) {
    throw unreadableCheckpoint(path, cause);
  }
}

/** Writes a safetensors file. @throws StarmindError `disk.full` or `run.unwritable` */
export async function writeTensorFile(
  path: string,
  file: TensorFile,
  write: WriteFile = replaceFile,
): Promise<void> {
  try {
    await write(path, serialiseSafetensors(file));
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Weights as tensors with their shapes, each name behind a prefix. */
export function namedTensors(
  architecture: Architecture,
  weights: Weights,
  prefix = '',
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const { name, shape } of tensorSpecs(architecture)) {
    tensors.set(prefix + name, { shape, data: weights.get(name) ?? new Float32Array() });
  }
  return tensors;
}

/** The weights of an architecture in a file. @throws StarmindError `checkpoint.shape` */
export function weightsIn(
  path: string,
  { tensors }: TensorFile,
  architecture: Architecture,
  prefix = '',
): Weights {
  const weights = new Map<string, Float32Array>();
  for (const { name, shape } of tensorSpecs(architecture)) {
    const tensor = tensors.get(prefix + name);
    if (!tensor) throw mismatchingCheckpoint(path, `it has no tensor ${prefix}${name}.`);
    if (tensor.shape.join() !== shape.join()) {
      const sizes = `[${tensor.shape.join(', ')}], not [${shape.join(', ')}]`;
      throw mismatchingCheckpoint(path, `tensor ${prefix}${name} is ${sizes}.`);
    }
    weights.set(name, tensor.data);
  }
  return weights;
}

export async function writeCheckpoint(
  path: string,
  architecture: Architecture,
  { weights, modelText, step }: Checkpoint,
  write?: WriteFile,
): Promise<void> {
  const metadata = new Map([[stepKey, String(step)]]);
  if (modelText !== undefined) metadata.set(modelKey, modelText);
  await writeTensorFile(path, { tensors: namedTensors(architecture, weights), metadata }, write);
}

/** @throws StarmindError `checkpoint.missing`, `.truncated`, `.damaged`, `.shape`, `.not-finite` */
export async function readCheckpoint(
  path: string,
  architecture: Architecture,
): Promise<Checkpoint> {
  const file = await readTensorFile(path);
  const weights = weightsIn(path, file, architecture);
  const step = Number(file.metadata.get(stepKey) ?? 0);
  const broken = notFinite(weights);
  if (broken !== undefined) throw brokenCheckpoint(path, `after step ${step}, ${broken}.`);
  return { weights, modelText: file.metadata.get(modelKey), step };
}

/** The model.json that a checkpoint was trained with. @throws StarmindError `checkpoint.*` */
export async function trainedModelText(path: string): Promise<string | undefined> {
  return (await readTensorFile(path)).metadata.get(modelKey);
}
