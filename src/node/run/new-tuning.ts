import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { createModel } from './new-model';
import type { RunFolder } from './folder';

/**
 * Makes a project that fine-tunes a run on a text: a folder beside the runs of its project, called
 * NAME-tuned or by the next free number.
 *
 * @returns path of its model.json
 * @throws StarmindError as `createModel`
 */
export async function createTuning(run: RunFolder, text: string): Promise<string> {
  const name = `${basename(run.path)}-tuned`;
  const beside = dirname(dirname(run.path));
  let folder = join(beside, name);
  for (let number = 2; existsSync(folder); number++) folder = join(beside, `${name}-${number}`);
  return createModel(folder, {
    version: 1,
    name: basename(folder).slice(0, 64),
    data: { source: pathFrom(folder, text) },
    training: { from: pathFrom(folder, run.path) },
  });
}

/** A path relative to a folder where that is possible, with forward slashes. */
function pathFrom(folder: string, path: string): string {
  const way = relative(folder, path);
  // The path is on another drive of Windows.
  return isAbsolute(way) ? path : way.replaceAll('\\', '/');
}
