import { basename, join } from 'node:path';
import { isOfThisComputer, presentOwner, processOf, whileOwning, type Owner } from '../ownership';
import { exitCodes, StarmindError } from '../starmind-error';
import type { RunFolder } from './folder';

/** Activities that change the files of a run. */
export type Activity = 'training' | 'building';

/**
 * Runs `work` while no other process changes the run. Its folder must exist.
 *
 * @throws StarmindError `run.busy` when a live process has the run, `run.unwritable`,
 *   `disk.full`, and errors of `work`
 */
export function whileOwningRun<T>(
  run: RunFolder,
  activity: Activity,
  work: () => Promise<T>,
): Promise<T> {
  const refuse = (owner: Owner): never => {
    throw busy(run, owner);
  };
  return whileOwning(noteOf(run), activity, refuse, work);
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

function noteOf(run: RunFolder): string {
  return join(run.path, '.owner.json');
}

function busy(run: RunFolder, owner: Owner): StarmindError {
  const isTraining = owner.activity === 'training';
  const elsewhere = isTraining ? ', or train into another folder with --out DIR' : '';
  const remedy = `Wait until it has ended, or end it${elsewhere}.`;
  const note = `${basename(noteOf(run))} in its folder`;
  const since = new Date(owner.since).toLocaleTimeString();
  return new StarmindError(
    'run.busy',
    exitCodes.input,
    `${run.path} is being ${isTraining ? 'trained' : 'built'} by ${processOf(owner)}, since ${since}.`,
    isOfThisComputer(owner)
      ? remedy
      : `${remedy} If that computer was switched off, delete ${note}.`,
  );
}
