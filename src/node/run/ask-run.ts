import type { TrainingRequest } from '../../core/train/run-progress';
import { presentOwner } from '../ownership';
import { exitCodes, StarmindError } from '../starmind-error';
import { readProgress } from '../train/journal';
import { askTraining } from '../train/requests';
import type { RunFolder } from './folder';
import { noteOf } from './run-owner';

/**
 * Asks something of the training of a run, whoever started it.
 *
 * @throws StarmindError `training.idle` when nobody trains it, `training.deaf` while it reads its
 *   text or measures its model, `disk.full`, `run.unwritable`
 */
export async function askRun(run: RunFolder, request: TrainingRequest): Promise<void> {
  const owner = await presentOwner(noteOf(run));
  if (owner?.activity !== 'training') {
    throw new StarmindError(
      'training.idle',
      exitCodes.input,
      `Nobody trains ${run.path}.`,
      'Give the folder of a run whose training is at work.',
    );
  }
  const phase = readProgress(run.path)?.phase;
  if (phase !== 'training' && phase !== 'paused') {
    throw new StarmindError(
      'training.deaf',
      exitCodes.input,
      `The training of ${run.path} is reading its text or measuring its model, and answers nothing meanwhile.`,
      'Ask again in a moment.',
    );
  }
  await askTraining(run.path, request);
}
