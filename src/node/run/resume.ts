import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { divergences, type Divergence } from '../../core/train/resumable';
import { parseModel } from '../../core/model/parse';
import type { ModelConfig } from '../../core/model/config';
import { exitCodes, StarmindError } from '../starmind-error';
import { trainedModelText } from '../train/checkpoint';
import { unreadableCheckpoint } from '../train/checkpoint-errors';
import { readResumePoint, resumePath, type ResumePoint } from '../train/resume-file';
import { quoted } from '../quoted';
import { nameFromFolder, type RunFolder } from './folder';

/** @throws StarmindError `checkpoint.missing` when there is nothing to resume */
export function requireTrained(run: RunFolder): void {
  const path = resumePath(run.path);
  if (existsSync(path)) return;
  if (existsSync(run.checkpoint)) {
    throw new StarmindError(
      'checkpoint.missing',
      exitCodes.input,
      `${run.path} has weights, but no state of a training from which to go on: it was imported, or copied without optimizer.safetensors.`,
      `Begin a new training with its weights: --from ${quoted(run.path)} instead of --resume, and --out for another folder.`,
    );
  }
  throw unreadableCheckpoint(path, Object.assign(new Error('missing'), { code: 'ENOENT' }));
}

/**
 * The state from which a training resumes.
 *
 * @throws StarmindError `resume.changed` when model.json now describes another training than the
 *   one that was begun; `checkpoint.*`
 */
export async function resumePoint(run: RunFolder, config: ModelConfig): Promise<ResumePoint> {
  const text = await trainedModelText(run.checkpoint);
  // A checkpoint of another program has nothing but shapes, which the code below compares.
  const changed = text === undefined ? [] : divergences(await trainedConfig(run, text), config);
  if (changed.length > 0) throw otherTraining(run, changed);
  const point = await readResumePoint(resumePath(run.path), config.architecture);
  const { optimizer } = config.training;
  if (point.optimizer !== optimizer) {
    throw otherTraining(run, [
      { path: 'training.optimizer', then: `"${point.optimizer}"`, now: `"${optimizer}"` },
    ]);
  }
  return point;
}

function otherTraining(run: RunFolder, changed: readonly Divergence[]): StarmindError {
  const told = changed.map(({ path, then, now }) => `${path} was ${then} and is ${now}`);
  return new StarmindError(
    'resume.changed',
    exitCodes.input,
    `${run.path} cannot be trained further with this model.json: ${told.join('; ')}.`,
    'Set these values back, or train anew without --resume: the earlier training is kept.',
  );
}

/**
 * The configuration that a run was trained with: from its checkpoint, or from the model.json beside
 * it when this version no longer reads the one in the checkpoint.
 */
async function trainedConfig(run: RunFolder, text: string): Promise<ModelConfig> {
  const beside = await readFile(run.model, 'utf8').catch(() => '');
  for (const each of [text, beside]) {
    const { value } = parseModel(each, nameFromFolder(run.model));
    if (value) return value;
  }
  throw new StarmindError(
    'resume.unknown',
    exitCodes.input,
    `${run.path} cannot be trained further: this version of Starmind cannot read the model.json that it was trained with.`,
    'Train anew without --resume: the earlier training is kept.',
  );
}
