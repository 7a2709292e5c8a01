import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFile } from '../../core/model/defaults';
import { createModel, requireNoModel } from '../run/new-model';
import { runFolder } from '../run/folder';
import { checkpointFile } from './foreign-files';
import { importedName, importRun, type ImportOptions, type ImportSummary } from './import-run';

/**
 * Imports a checkpoint as the run of a new project: its model.json is that of the run but for the
 * path of the tokenizer, so that building, flashing and running the project use the imported
 * weights at once.
 *
 * @returns path of the project's model.json
 * @throws StarmindError `model.exists`, and errors of `importRun`
 */
export async function importProject(
  path: string,
  folder: string,
  options: Pick<ImportOptions, 'tokenizer'> = {},
): Promise<{ model: string; summary: ImportSummary }> {
  requireNoModel(folder);
  const name = importedName(checkpointFile(path));
  const run = runFolder(join(folder, 'runs', name));
  const summary = await importRun(path, { ...options, run });
  const file = JSON.parse(await readFile(run.model, 'utf8')) as ModelFile;
  const tokenizer = { path: `runs/${name}/tokenizer.json` };
  return { model: await createModel(folder, { ...file, tokenizer }), summary };
}
