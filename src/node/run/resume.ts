import { existsSync } from 'node:fs';
import { divergences } from '../../core/train/resumable';
import { parseModel } from '../../core/model/parse';
import type { ModelConfig } from '../../core/model/config';
import { exitCodes, StarmindError } from '../starmind-error';
import { trainedModelText } from '../train/checkpoint';
import { unreadableCheckpoint } from '../train/checkpoint-errors';
import { readResumePoint, resumePath, type ResumePoint } from '../train/resume-file';
import type { RunFolder } from './folder';

/** @throws StarmindError `checkpoint.missing` when there is nothing to resume */
export function requireTrained(run: RunFolder): void {
  const path = resumePath(run.path);
  if (existsSync(path)) return;
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
  const { value: then } = parseModel(text ?? '', config.name);
  // A checkpoint of another program has nothing but shapes, which the code below compares.
  const changed = then ? divergences(then, config) : [];
  if (changed.length > 0) {
    const told = changed.map(({ path, then, now }) => `${path} was ${then} and is ${now}`);
    throw new StarmindError(
      'resume.changed',
      exitCodes.input,
      `${run.path} cannot be trained further with this model.json: ${told.join('; ')}.`,
      'Set these values back, or train anew without --resume: the earlier training is kept.',
    );
  }
  return readResumePoint(resumePath(run.path), config.architecture);
}
