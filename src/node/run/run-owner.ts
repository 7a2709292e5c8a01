import { basename, join } from 'node:path';
import { isOfThisComputer, presentOwner, processOf, whileOwning, type Owner } from '../ownership';
import { exitCodes, interrupted, StarmindError } from '../starmind-error';
import type { RunFolder } from './folder';

/** Activities that change the files of a run. */
export type Activity = 'training' | 'building';

/**
 * Runs `work` while no other process changes the run. Its folder must exist. A build waits for
 * another build, which takes seconds; nothing waits for a training, nor a training for a build.
 *
 * @throws StarmindError `run.busy` when a live process has the run, `run.unwritable`,
 *   `disk.full`, and errors of `work`
 */
export function whileOwningRun<T>(
  run: RunFolder,
  activity: Activity,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const onOwned = (owner: Owner): void => {
    const areBuilds = activity === 'building' && owner.activity === 'building';
    if (!areBuilds) throw busy(run, owner);
    if (signal?.aborted) throw interrupted('The build', 'Build it again.');
  };
  return whileOwning(noteOf(run), activity, onOwned, work);
}

/**
 * Readers of a run call this first: while it is being trained, its files belong to different steps.
 *
 * @throws StarmindError `run.busy`
 */
export async function requireNoTraining(run: RunFolder): Promise<void> {
  const owner = await presentOwner(noteOf(run));
  if (owner?.activity === 'training') throw busy(run, owner);
}

/** Path of the note that names the owner. */
export function noteOf(run: RunFolder): string {
  return join(run.path, '.owner.json');
}

function busy(run: RunFolder, owner: Owner): StarmindError {
  const isTraining = owner.activity === 'training';
  const elsewhere = isTraining ? ', or train into another folder with --out DIR' : '';
  const remedy = `Wait until it has ended, or end it${elsewhere}.`;
  const note = `${basename(noteOf(run))} in its folder`;
  const minutes = Math.max(0, Math.round((Date.now() - owner.since) / 60_000));
  return new StarmindError(
    'run.busy',
    exitCodes.input,
    `${run.path} is being ${isTraining ? 'trained' : 'built'} by ${processOf(owner)}, begun ${minutes} min ago.`,
    isOfThisComputer(owner)
      ? remedy
      : `${remedy} If that computer was switched off, delete ${note}.`,
  );
}
