import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exitCodes, StarmindError } from '../starmind-error';
import { isTemporaryOf, replaceFile, temporaryNameOf, unwritable } from '../files';
import { trainedModelText } from '../train/checkpoint';
import { progressPath, samplesPath } from '../train/journal';
import { metricsPath } from '../train/metrics';
import { resumePath } from '../train/resume-file';
import { keptFolder, type RunFolder } from './folder';

/**
 * Moves the results of an earlier training to a run of its own beside it, called NAME-1 or by the
 * next free number, either whole or not at all. The inputs stay.
 *
 * @returns folder of the earlier run; undefined when there is none
 * @throws StarmindError `disk.full`, `run.unwritable` or `run.unkept`
 */
export async function keepEarlier(run: RunFolder): Promise<string | undefined> {
  if (!existsSync(run.checkpoint)) return undefined;
  // Beside the folder itself: its name may be a link to another place.
  const path = await realpath(run.path);
  const unfinished = temporaryNameOf(path);
  try {
    await removeUnfinished(path);
    await mkdir(unfinished);
  } catch (cause) {
    throw unkept(run, cause);
  }
  try {
    for (const file of [run.tokenizer, ...results(run)].filter(existsSync)) {
      await replaceFile(join(unfinished, basename(file)), await readFile(file));
    }
    const model = await modelOf(run);
    if (model !== undefined) await replaceFile(join(unfinished, basename(run.model)), model);
    return await takeNumber(unfinished, path);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw unwritable(run.path, cause);
  }
}

/**
 * Puts an earlier training back in its place, where a training that took it was thrown away. A file
 * that is there is the user's own, as a model.json may be, and stays as it is.
 *
 * @param kept folder that `keepEarlier` has returned
 * @throws StarmindError `run.unwritable`
 */
export async function restoreEarlier(run: RunFolder, kept: string): Promise<void> {
  try {
    await mkdir(run.path, { recursive: true });
    for (const name of await readdir(kept)) {
      const place = join(run.path, name);
      if (!existsSync(place)) await rename(join(kept, name), place);
    }
    await rm(kept, { recursive: true });
  } catch (cause) {
    throw unwritable(run.path, cause);
  }
}

/** Removes copies that earlier trainings of this run were killed in the midst of. */
async function removeUnfinished(path: string): Promise<void> {
  const names = await readdir(dirname(path));
  for (const name of names.filter((each) => isTemporaryOf(each, [basename(path)]))) {
    await rm(join(dirname(path), name), { recursive: true, force: true });
  }
}

/**
 * Removes the results of a training, so that no old file stands beside those of a new one. The
 * build folder stays: tools have recorded its path, and the next build updates it.
 *
 * @throws StarmindError `run.unwritable`
 */
export function clearResults(run: RunFolder): Promise<void> {
  return remove(run, results(run));
}

/**
 * Removes what a training makes of its last checkpoint: a killed one that went on from there must
 * not leave it beside the next.
 *
 * @throws StarmindError `run.unwritable`
 */
export function clearConclusion(run: RunFolder): Promise<void> {
  return remove(run, conclusion(run));
}

async function remove(run: RunFolder, files: readonly string[]): Promise<void> {
  try {
    for (const file of files) await rm(file, { force: true });
  } catch (cause) {
    throw unwritable(run.path, cause);
  }
}

/** The model.json of a run; that in its folder may be its user's own, and changed since. */
async function modelOf(run: RunFolder): Promise<string | Uint8Array | undefined> {
  // A damaged checkpoint is kept as it is.
  const trained = await trainedModelText(run.checkpoint).catch(() => undefined);
  return trained ?? (existsSync(run.model) ? await readFile(run.model) : undefined);
}

/** Files that only a training makes. The checkpoint, which makes the folder a run, comes first. */
function results(run: RunFolder): string[] {
  const { path, checkpoint } = run;
  const course = [resumePath(path), metricsPath(path), samplesPath(path), progressPath(path)];
  return [checkpoint, ...conclusion(run), ...course];
}

/** The files that a training makes of its last checkpoint. */
function conclusion(run: RunFolder): string[] {
  return [run.image, run.summary];
}

/** Renames a folder to the first free name. */
async function takeNumber(folder: string, path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const kept = keptFolder(path, number);
    if (existsSync(kept)) continue;
    await rename(folder, kept);
    return kept;
  }
}

function unkept({ path }: RunFolder, cause: unknown): StarmindError {
  return new StarmindError(
    'run.unkept',
    exitCodes.input,
    `The training in ${path} cannot be kept, since nothing can be written beside it: ${String(cause)}`,
    'Train into another folder with --out DIR, or go on with it: --resume.',
    { cause },
  );
}
