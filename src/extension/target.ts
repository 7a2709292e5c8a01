import { Uri } from 'vscode';
import { isNode, type RunNode } from './explorer/nodes';
import { chooseModel } from './models';

/** The subject of a command: a model.json, and one of its runs when the user called it on that. */
export interface Target {
  uri: Uri;
  /** Name of the run; without one it is the run that `train` makes. */
  run?: string;
}

/** A run as an argument of commands. */
export function runNodeOf(model: Uri, name: string): Pick<RunNode, 'kind' | 'modelUri' | 'name'> {
  return { kind: 'run', modelUri: model.toString(), name };
}

/**
 * Finds the subject of a command; lets the user choose when the command was called on nothing.
 *
 * @param argument the Uri of a model.json, also as text, or an entry of the Starmind view
 * @returns undefined when the user chooses nothing
 * @throws StarmindError `model.none` when there is nothing to choose from
 */
export async function targetOf(argument: unknown): Promise<Target | undefined> {
  if (argument instanceof Uri) return { uri: argument };
  // Links in documents and language servers pass a Uri only as text.
  if (typeof argument === 'string') return { uri: Uri.parse(argument) };
  if (isNode(argument)) {
    if (argument.kind === 'model') return { uri: Uri.parse(argument.uri) };
    if (argument.kind === 'run') return { uri: Uri.parse(argument.modelUri), run: argument.name };
  }
  const model = await chooseModel();
  return model && { uri: model.uri };
}
