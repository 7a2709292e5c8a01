import { workspace } from 'vscode';
import type { ModelConfig } from '../core/model/config';
import { parseModel } from '../core/model/parse';
import { nameFromFolder } from '../node/run/folder';
import { baseShapesOf } from './base-shapes';
import type { ModelFile } from './models';
import { showProblems } from './show';

/**
 * Reads the configuration of a model. Saves unsaved edits first, since the command line reads the
 * file. Undefined after the errors have been shown.
 */
export async function checkModel(model: ModelFile): Promise<ModelConfig | undefined> {
  const document = await workspace.openTextDocument(model.uri);
  if (document.isDirty) await document.save();
  const { value, problems } = parseModel(
    document.getText(),
    nameFromFolder(model.uri.path),
    baseShapesOf(model.uri),
  );
  if (value) return value;
  const errors = problems.filter(({ severity }) => severity === 'error');
  // Do not await it: the message may stay for hours, and the command is over.
  void showProblems(document, model.relativePath, errors);
  return undefined;
}
