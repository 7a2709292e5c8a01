import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { waitForBuild, type WaitOptions } from '../build/wait-for-build';
import { isHidden, presentOwner, processOf, whileOwning, type Owner } from '../ownership';
import { exitCodes, StarmindError } from '../starmind-error';
import type { RunFolder } from './folder';

/**
 * Trains while no other process changes the run. Its folder must exist.
 *
 * @throws StarmindError `run.busy` when a live process has the run, `run.unwritable`,
 *   `disk.full`, and errors of `work`
 */
export function whileTraining<T>(run: RunFolder, work: () => Promise<T>): Promise<T> {
  const elsewhere = ', or train into another folder with --out DIR';
  return whileOwningRun(run, 'training', (owner) => refuse(run, owner, elsewhere), work);
}

/**
 * Builds while no other process changes the run: waits for other builds, which end soon.
 *
 * @throws StarmindError `run.busy` while the run is being trained, `run.unwritable`, `disk.full`,
 *   `interrupted`, and errors of `work`
 */
export function whileBuilding<T>(
  run: RunFolder,
  options: WaitOptions,
  work: () => Promise<T>,
): Promise<T> {
  const wait = waitForBuild(options);
  const onOwned = (owner: Owner): void => {
    if (owner.activity !== 'building' || isHidden(owner)) refuse(run, owner);
    wait(owner);
  };
  return whileOwningRun(run, 'building', onOwned, work);
}

async function whileOwningRun<T>(
  run: RunFolder,
  activity: 'training' | 'building',
  onOwned: (owner: Owner) => void,
  work: () => Promise<T>,
): Promise<T> {
  await access(run.path, constants.W_OK).catch((cause: unknown) => {
    throw readOnly(run, activity, cause);
  });
  return whileOwning(noteOf(run), activity, { onOwned }, work);
}

/**
 * Readers of a run call this first: while it is being trained, its files belong to different steps.
 *
 * @throws StarmindError `run.busy`
 */
export async function requireNoTraining(run: RunFolder): Promise<void> {
  const owner = await presentOwner(noteOf(run));
  if (owner?.activity === 'training') refuse(run, owner);
}

/**
 * Code that removes a run calls this first.
 *
 * @throws StarmindError `run.busy` while it is being trained or built
 */
export async function requireFree(run: RunFolder): Promise<void> {
  const owner = await presentOwner(noteOf(run));
  if (owner) refuse(run, owner);
}

/** The note that names the owner of a run. */
export function noteOf(run: RunFolder): string {
  return join(run.path, '.owner.json');
}

function refuse(run: RunFolder, owner: Owner, alternative = ''): never {
  const remedy = `Wait until it has ended, or end it${alternative}.`;
  const note = `${basename(noteOf(run))} in its folder`;
  throw new StarmindError(
    'run.busy',
    exitCodes.input,
    `${run.path} is being ${owner.activity === 'training' ? 'trained' : 'built'} by ${processOf(owner)}, which began ${ago(owner.since)}.`,
    isHidden(owner) ? `${remedy} If it has ended already, delete ${note}.` : remedy,
  );
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A time in milliseconds since the epoch as its distance from now, in the largest unit. */
function ago(since: number): string {
  const seconds = Math.max(0, (Date.now() - since) / 1000);
  const [unit, length] = units.find(([, each]) => seconds >= each) ?? ['second', 1];
  const count = Math.floor(seconds / length);
  return count === 0 ? 'just now' : `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

function readOnly(
  { path }: RunFolder,
  activity: 'training' | 'building',
  cause: unknown,
): StarmindError {
  const isTraining = activity === 'training';
  return new StarmindError(
    'run.unwritable',
    exitCodes.input,
    `${path} is read-only: nothing can be ${isTraining ? 'trained' : 'built'} there.`,
    isTraining
      ? 'Train into another folder with --out DIR.'
      : 'Copy it to a folder of your own, or give yourself the permission to write there.',
    { cause },
  );
}
