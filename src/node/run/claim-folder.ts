import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isSamePlace, isTemporaryOf, replaceFile, unwritable } from '../files';
import { exitCodes, StarmindError } from '../starmind-error';
import { trainedModelText } from '../train/checkpoint';
import { progressPath, samplesPath } from '../train/journal';
import { metricsPath } from '../train/metrics';
import { requestPath } from '../train/requests';
import { resumePath } from '../train/resume-file';
import type { RunFolder } from './folder';
import { noteOf } from './run-owner';

/** Files that a training works from: the model.json, and the tokenizer that it names. */
export interface RunInputs {
  model: string;
  tokenizer: string | undefined;
}

/** Files that change at every training, under names that are known to be a training's. */
function results(run: RunFolder): string[] {
  const { checkpoint, summary, image, path } = run;
  const watched = [progressPath(path), samplesPath(path), requestPath(path)];
  return [checkpoint, resumePath(path), metricsPath(path), ...watched, summary, image];
}

/**
 * Checks that a training may write into a folder: it never overwrites a file that no training has
 * made. The inputs may lie in the folder, since a training does not write them.
 *
 * @throws StarmindError `run.foreign-files`
 */
export async function requireClaimable(run: RunFolder, inputs: RunInputs): Promise<void> {
  const others: string[] = [];
  const marker = await readMarker(run);
  if (marker || !(await wasTrained(run))) {
    for (const file of [...results(run), run.tokenizer, run.model]) {
      if (!existsSync(file) || isInput(file, inputs)) continue;
      if (!marker || !(await isListed(marker, file))) others.push(file);
    }
    if (!(await isFreeForBuilds(run.build))) others.push(run.build);
  }
  if (others.length > 0) throw foreignFiles(run, others);
}

/**
 * Marks a folder as that of a run, and removes half-written files of a killed training.
 *
 * @param written path and new content of the model.json and tokenizer.json that a training will
 *   write: an input that lies in the folder is not among them, and stays the user's when a later
 *   training no longer names it
 * @throws StarmindError `run.unwritable` or `disk.full`
 */
export async function claimFolder(
  run: RunFolder,
  written: ReadonlyMap<string, string>,
): Promise<void> {
  const marker = await readMarker(run);
  const contents = new Set([...written.values()].map(digestOf));
  // Until they are replaced, the present ones are still those of an earlier training.
  for (const file of [run.model, run.tokenizer].filter(existsSync)) {
    const isOwn = written.has(file) || (marker !== undefined && (await isListed(marker, file)));
    if (isOwn) contents.add(digestOf(await readFile(file)));
  }
  await writeMarker(run, { names: results(run).map(baseName), contents: [...contents] });
  const files = [...results(run), run.model, run.tokenizer, markerOf(run), noteOf(run)];
  const originals = files.map(baseName);
  for (const name of await readdir(run.path)) {
    if (isTemporaryOf(name, originals)) await rm(join(run.path, name), { force: true });
  }
}

/**
 * Replaces the model.json of a run, which stays a training's if it was one's.
 *
 * @throws StarmindError `run.unwritable` or `disk.full`
 */
export async function replaceModel(run: RunFolder, text: string): Promise<void> {
  const marker = await readMarker(run);
  if (marker && (await isListed(marker, run.model))) {
    const contents = [...new Set([...marker.contents, digestOf(text)])];
    await writeMarker(run, { ...marker, contents });
  }
  await replaceFile(run.model, text);
}

/**
 * Removes what trainings have written into a folder, and the mark.
 *
 * @throws StarmindError `run.unwritable`
 */
export async function emptyFolder(run: RunFolder): Promise<void> {
  const marker = await readMarker(run);
  if (!marker) return;
  try {
    for (const file of [...results(run), run.tokenizer, run.model].filter(existsSync)) {
      if (await isListed(marker, file)) await rm(file, { force: true });
    }
    await rm(markerOf(run), { force: true });
  } catch (cause) {
    throw unwritable(run.path, cause);
  }
}

/** What the marker file says of the files that trainings have written into its folder. */
interface Marker {
  /** Names of those that change at every training. */
  names: readonly string[];
  /** SHA-256 of each model.json and tokenizer.json: a user may have files of these names there. */
  contents: readonly string[];
}

/** Undefined without a marker, and for that of an earlier version, which lists no files. */
async function readMarker(run: RunFolder): Promise<Marker | undefined> {
  const text = await readFile(markerOf(run), 'utf8').catch(() => '');
  try {
    const { names, contents } = JSON.parse(text) as Partial<Marker>;
    return Array.isArray(names) && Array.isArray(contents) ? { names, contents } : undefined;
  } catch {
    return undefined;
  }
}

function writeMarker(run: RunFolder, marker: Marker): Promise<void> {
  return replaceFile(markerOf(run), `${JSON.stringify(marker, null, 2)}\n`);
}

async function isListed({ names, contents }: Marker, file: string): Promise<boolean> {
  if (names.includes(baseName(file))) return true;
  // A folder of this name is not listed.
  return contents.includes(digestOf(await readFile(file).catch(() => '')));
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Whether a build folder holds nothing, or the result of a build. */
async function isFreeForBuilds(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return true;
  // It may also be a file.
  const names = await readdir(folder).catch(() => ['']);
  return names.length === 0 || names.includes('starmind.elf');
}

/** The marker file, which a training writes into its folder before anything else. */
function markerOf(run: RunFolder): string {
  return join(run.path, '.starmind-run');
}

const baseName = (path: string): string => basename(path);

/** Whether a file is an input of the training, which leaves it as it is. */
export function isInput(file: string, { model, tokenizer }: RunInputs): boolean {
  return [model, tokenizer].some((input) => input !== undefined && isSamePlace(file, input));
}

/** Whether a training of an earlier version, which listed no files, has made the checkpoint. */
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
    `${run.path} holds files that no training has made, or that were changed since; this training would write over them: ${names}.`,
    'Train into another folder with --out DIR, or move these files away.',
  );
}
