import { workspace } from 'vscode';
import type { ModelConfig } from '../core/model/config';
import { parseModel } from '../core/model/parse';
import { nameFromFolder } from '../node/run/folder';
import type { ModelFile } from './models';
import { showProblems } from './show';

/**
 * The configuration of a model, saved first when it has unsaved edits, since the command line reads
 * the file. Undefined after its errors have been shown.
 */
export async function checkModel(model: ModelFile): Promise<ModelConfig | undefined> {
  const document = await workspace.openTextDocument(model.uri);
  if (document.isDirty) await document.save();
  const { value, problems } = parseModel(document.getText(), nameFromFolder(model.uri.path));
  if (value) return value;
  const errors = problems.filter(({ severity }) => severity === 'error');
  // Not awaited: the message may stay for hours, and the command is over.
  void showProblems(document, model.relativePath, errors);
  return undefined;
}
