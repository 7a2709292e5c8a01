import { dirname, join, relative, resolve } from 'node:path';
import { editText } from '../core/model/edit';
import { shippedFolder } from '../core/model/shipped-runs';
import { setting } from '../core/problem';
import { kindAt } from '../node/files';
import {
  loadModel,
  modelOfText,
  readModelText,
  requireRun,
  type LoadedModel,
} from '../node/run/folder';
import { namedRunPath } from '../node/run/named-run';
import type { Output } from './output';

/** Services that every command receives beside its own options. */
export interface CommandContext {
  output: Output;
  /** Aborted by Ctrl+C. */
  signal: AbortSignal;
}

/** Path of a model.json, from its own path or that of its folder. */
export function modelFileOf(path: string): string {
  return kindAt(path) === 'folder' ? join(path, 'model.json') : path;
}

/**
 * Loads a model file and shows its warnings.
 *
 * @param from run with whose weights its training is to begin, instead of the one that it names
 */
export async function loadModelWithWarnings(
  file: string,
  { output }: CommandContext,
  from?: string,
): Promise<LoadedModel> {
  const model = from === undefined ? await loadModel(file) : await withBase(file, from);
  output.isAbout({ file, text: model.text });
  for (const problem of model.warnings) output.problem(problem);
  return model;
}

/** A run of the command line, as the model.json of `file` would name it. */
function nameOfRun(file: string, from: string): string {
  requireRun(namedRunPath('.', from));
  if (shippedFolder(from) !== undefined) return from;
  return relative(dirname(resolve(file)), resolve(from)).replaceAll('\\', '/');
}

/** The model of a file that begins with a run, which need not be in the file. */
async function withBase(file: string, from: string): Promise<LoadedModel> {
  const name = nameOfRun(file, from);
  const text = await readModelText(file);
  return modelOfText(file, editText(text, [setting('training.from', name)]));
}
