import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unwritable } from '../files';
import { metricsPath } from '../train/metrics';
import { resumePath } from '../train/resume-file';
import type { RunFolder } from './folder';

/**
 * Makes room for a training where an earlier one has been: what the earlier one made becomes a run
 * of its own beside it, called NAME-1 or by the next number that is free. What was built stays
 * where it is, since tools have noted its place; it is brought up to date by the next build.
 *
 * @returns folder of the earlier run; undefined when there is none
 * @throws StarmindError `disk.full` or `run.unwritable`
 */
export async function setAside(run: RunFolder): Promise<string | undefined> {
  if (!existsSync(run.checkpoint)) return undefined;
  try {
    const folder = await makeNumbered(run.path);
    const inFolder = (path: string) => join(folder, basename(path));
    // The new training replaces these two. A model.json may be its user's own, so it never leaves.
    for (const path of [run.model, run.tokenizer].filter(existsSync)) {
      await copyFile(path, inFolder(path));
    }
    const results = [
      run.checkpoint,
      run.image,
      run.summary,
      resumePath(run.path),
      metricsPath(run.path),
    ];
    for (const path of results.filter(existsSync)) await rename(path, inFolder(path));
    return folder;
  } catch (cause) {
    throw unwritable(run.path, cause);
  }
}

async function makeNumbered(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = `${path}-${number}`;
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
