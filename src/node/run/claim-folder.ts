import { existsSync, realpathSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isTemporaryOf, replaceFile } from '../files';
import { exitCodes, StarmindError } from '../starmind-error';
import { trainedModelText } from '../train/checkpoint';
import { metricsPath } from '../train/metrics';
import { resumePath } from '../train/resume-file';
import type { RunFolder } from './folder';
import { noteOf } from './run-owner';

/** Files that a training works from: the model.json, and the tokenizer that it names. */
export interface RunInputs {
  model: string;
  tokenizer: string | undefined;
}

/** Files that a training and a build write into a run folder. */
function outputs(run: RunFolder): string[] {
  const { model, tokenizer, checkpoint, summary, image, build, path } = run;
  return [checkpoint, resumePath(path), metricsPath(path), summary, image, tokenizer, model, build];
}

/**
 * Checks that a training may write into a folder: it never overwrites a file that no training has
 * made. The inputs may lie in the folder, since a training does not write them.
 *
 * @throws StarmindError `run.foreign-files`
 */
export async function requireClaimable(run: RunFolder, inputs: RunInputs): Promise<void> {
  const own = await filesOfTrainings(run);
  const others = outputs(run).filter(
    (file) => existsSync(file) && !isInput(file, inputs) && !own.includes(baseName(file)),
  );
  if (others.length > 0) throw foreignFiles(run, others);
}

/** Names of the files in a folder that belong to trainings: a marker lists them. */
async function filesOfTrainings(run: RunFolder): Promise<readonly string[]> {
  const text = await readFile(markerOf(run), 'utf8').catch(() => '');
  try {
    const { files } = JSON.parse(text) as { files?: unknown };
    if (Array.isArray(files)) return files.filter((name) => typeof name === 'string');
  } catch {
    // An earlier version left no list.
  }
  return (await wasTrained(run)) ? outputs(run).map(baseName) : [];
}

/**
 * Marks a folder as that of a run, with the files that its trainings write: an input that lies in it
 * is not among them, and stays the user's when a later training no longer names it. Removes
 * half-written files of a killed training.
 *
 * @throws StarmindError `run.unwritable` or `disk.full`
 */
export async function claimFolder(run: RunFolder, inputs: RunInputs): Promise<void> {
  const written = outputs(run).filter((file) => !isInput(file, inputs));
  const files = new Set([...(await filesOfTrainings(run)), ...written.map(baseName)]);
  await replaceFile(markerOf(run), `${JSON.stringify({ files: [...files] })}\n`);
  const originals = [...outputs(run), markerOf(run), noteOf(run)].map(baseName);
  for (const name of await readdir(run.path)) {
    if (isTemporaryOf(name, originals)) await rm(join(run.path, name), { force: true });
  }
}

/** The marker file, which a training writes into its folder before anything else. */
function markerOf(run: RunFolder): string {
  return join(run.path, '.starmind-run');
}

const baseName = (path: string): string => basename(path);

/** Whether a file is an input of the training, which leaves it as it is. */
export function isInput(file: string, { model, tokenizer }: RunInputs): boolean {
  return [model, tokenizer].some((input) => input !== undefined && areSame(file, input));
}

function areSame(one: string, other: string): boolean {
  if (!existsSync(one) || !existsSync(other)) return false;
  return realpathSync(one) === realpathSync(other);
}

/** Whether a training of an earlier version, which left no marker, has made the checkpoint. */
async function wasTrained(run: RunFolder): Promise<boolean> {
  if (!existsSync(run.checkpoint)) return false;
  // Nor is a damaged one the user's: only a training makes a file of this name here.
  return trainedModelText(run.checkpoint).then(
    (text) => text !== undefined,
    () => existsSync(run.model) && existsSync(run.tokenizer),
  );
}

function foreignFiles(run: RunFolder, files: readonly string[]): StarmindError {
  const names = files.map(baseName).join(', ');
  return new StarmindError(
    'run.foreign-files',
    exitCodes.input,
    `${run.path} holds files that no training has made, and that this one would write over: ${names}.`,
    'Train into another folder with --out DIR, or move these files away.',
  );
}
