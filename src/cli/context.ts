import { join } from 'node:path';
import { kindAt } from '../node/files';
import { describeProblem, type LoadedModel, loadModel } from '../node/run/folder';
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

/** Loads a model file and shows its warnings. */
export async function loadModelWithWarnings(
  file: string,
  { output }: CommandContext,
): Promise<LoadedModel> {
  const model = await loadModel(file);
  for (const problem of model.warnings) output.warning(describeProblem(problem));
  return model;
}
