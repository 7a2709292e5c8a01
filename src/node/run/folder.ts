import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { kindAt } from '../files';
import type { ModelConfig } from '../../core/model/config';
import type { FindBase } from '../../core/model/base';
import { baseFinder, parseModel } from '../../core/model/parse';
import { hasErrors, type Problem } from '../../core/problem';
import { exitCodes, StarmindError } from '../starmind-error';

/** The files of a training run. */
export interface RunFolder {
  path: string;
  model: string;
  tokenizer: string;
  checkpoint: string;
  summary: string;
  image: string;
  build: string;
}

export function runFolder(path: string): RunFolder {
  const root = resolve(path);
  return {
    path: root,
    model: join(root, 'model.json'),
    tokenizer: join(root, 'tokenizer.json'),
    checkpoint: join(root, 'checkpoint.safetensors'),
    summary: join(root, 'summary.json'),
    image: join(root, 'model.img'),
    build: join(root, 'build'),
  };
}

/** The default folder of `train`: runs/NAME beside the model file. */
export function defaultRunFolder(modelFile: string, config: ModelConfig): RunFolder {
  return runFolder(join(dirname(resolve(modelFile)), 'runs', config.name));
}

/** The folder that keeps an earlier training of a run. */
export function keptFolder(path: string, number: number): string {
  return `${path}-${number}`;
}

/** Finds the shapes of runs that a model.json in a folder names. */
export function baseShapes(folder: string): FindBase {
  return baseFinder((path) => readFileSync(resolve(folder, path), 'utf8'));
}

/** A model file with its warnings. */
export interface LoadedModel {
  config: ModelConfig;
  text: string;
  warnings: Problem[];
}

/** One problem on a line, with its place and its remedy. */
export function describeProblem(problem: Problem): string {
  const place = problem.path ? `${problem.path}: ` : '';
  return `${place}${problem.message}${problem.fix ? ` ${problem.fix}` : ''}`;
}

/** Name of a model that does not name itself: its folder's, in characters that names may have. */
export function nameFromFolder(file: string): string {
  const allowed = basename(dirname(resolve(file))).replace(/[^A-Za-z0-9 ._-]/g, '-');
  return allowed.replace(/^[^A-Za-z0-9]+/, '').slice(0, 64) || 'model';
}

/** @throws StarmindError `model.missing`, `model.unreadable` or `model.invalid`. */
export async function loadModel(file: string): Promise<LoadedModel> {
  const text = await readModelText(file);
  return modelOfText(file, text);
}

/**
 * A model file with another text than it has on the disk.
 *
 * @throws StarmindError `model.invalid`
 */
export function modelOfText(file: string, text: string): LoadedModel {
  const { value, problems } = parseModel(text, nameFromFolder(file), baseShapes(dirname(file)));
  if (!value || hasErrors(problems)) {
    const errors = problems.filter((problem) => problem.severity === 'error');
    // Later parse errors may follow from the first.
    const unparsed = errors.filter(({ code }) => code === 'json.syntax').slice(1);
    // Warnings explain errors: a field is missing because it is misspelt.
    const told = problems.filter((problem) => !unparsed.includes(problem));
    throw new StarmindError(
      'model.invalid',
      exitCodes.input,
      `${file} cannot be used:\n${told.map((problem) => `  ${describeProblem(problem)}`).join('\n')}`,
      'Correct the values named above.',
    );
  }
  return { config: value, text, warnings: problems };
}

/** Text of a model file. @throws StarmindError `model.missing` or `model.unreadable`. */
export async function readModelText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new StarmindError(
      missing ? 'model.missing' : 'model.unreadable',
      exitCodes.input,
      missing ? `There is no file ${file}.` : `${file} cannot be read: ${String(error)}`,
      missing ? 'Make one with: starmind new DIR --preset demo' : 'Check that it is a text file.',
      { cause: error },
    );
  }
}

/** @throws StarmindError `run.missing` when the folder holds no finished training. */
export function requireRun(path: string): RunFolder {
  const run = runFolder(path);
  if (existsSync(run.checkpoint) && existsSync(run.tokenizer) && existsSync(run.model)) return run;
  throw new StarmindError(
    'run.missing',
    exitCodes.input,
    `${path} is not a training run: it has no checkpoint.safetensors with its model.json and tokenizer.json.`,
    whereRunIs(path),
  );
}

/** The remedy for a folder that is no run: it may be a project, or a former run. */
function whereRunIs(path: string): string {
  // A model.json means its project, as it does for other commands.
  const project = kindAt(path) === 'file' ? dirname(path) : path;
  const runs = join(project, 'runs');
  const names = kindAt(runs) === 'folder' ? readdirSync(runs).sort() : [];
  const own = names.map((name) => join(runs, name)).find(isRun);
  if (own !== undefined) return `Name one of its runs: ${own}`;
  const kept = lastKept(resolve(path));
  if (kept !== undefined) return `The training before it is kept, and can be named: ${kept}`;
  return 'Train one with: starmind train model.json';
}

function lastKept(path: string): string | undefined {
  let last: string | undefined;
  for (let number = 1; isRun(keptFolder(path, number)); number++) last = keptFolder(path, number);
  return last;
}

function isRun(path: string): boolean {
  return existsSync(runFolder(path).checkpoint);
}
