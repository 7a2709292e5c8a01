import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ModelFile, TuningFile } from '../../core/model/defaults';
import { exitCodes, StarmindError } from '../starmind-error';
import { kindAt, replaceFile, unwritable } from '../files';

/** Throws unless `folder` has room for a model.json. @throws StarmindError `model.exists` */
export function requireNoModel(folder: string): void {
  const model = join(folder, 'model.json');
  if (!existsSync(model)) return;
  throw new StarmindError(
    'model.exists',
    exitCodes.input,
    `${model} exists already.`,
    'Choose another folder, or edit that file.',
  );
}

/**
 * Writes model.json into a folder, which is made if need be; never over another one.
 *
 * @returns path of the file
 * @throws StarmindError `model.exists`, `model.folder`, `disk.full` or `run.unwritable`
 */
export async function createModel(dir: string, file: ModelFile | TuningFile): Promise<string> {
  const folder = resolve(dir);
  requireNoModel(folder);
  if (kindAt(folder) === 'file' || kindAt(dirname(folder)) === 'file') {
    throw new StarmindError(
      'model.folder',
      exitCodes.input,
      `${folder} is a file, or in one; a project is a folder.`,
      'Name a folder, which may be a new one.',
    );
  }
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(folder, cause);
  });
  const model = join(folder, 'model.json');
  await replaceFile(model, `${JSON.stringify(file, null, 2)}\n`);
  return model;
}
