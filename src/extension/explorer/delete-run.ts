import { posix } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { runFolder } from '../../node/run/folder';
import { requireFree } from '../../node/run/run-owner';
import { isNode } from './nodes';

/**
 * Moves the run of an entry to the trash, once the user has agreed.
 *
 * @throws StarmindError `run.busy` while it is being trained or built
 */
export async function deleteRun(argument: unknown): Promise<void> {
  if (!isNode(argument) || argument.kind !== 'run') return;
  const uri = Uri.parse(argument.uri);
  await requireUnused(uri);
  const name = posix.join('runs', argument.name);
  const toTrash = 'Move to Trash';
  const agreed = await ask(`Delete ${name}, its weights and its firmware?`, toTrash);
  if (!agreed) return;
  // A training may have begun while the question was open.
  await requireUnused(uri);
  try {
    await workspace.fs.delete(uri, { recursive: true, useTrash: true });
  } catch {
    // Folders on servers have no trash.
    const forGood = 'Delete Permanently';
    if (!(await ask(`${name} cannot be moved to the trash here.`, forGood))) return;
    await workspace.fs.delete(uri, { recursive: true });
  }
}

async function ask(question: string, action: string): Promise<boolean> {
  return (await window.showWarningMessage(question, { modal: true }, action)) === action;
}

/** Owners are known on disks alone. */
async function requireUnused(uri: Uri): Promise<void> {
  if (uri.scheme === 'file') await requireFree(runFolder(uri.fsPath));
}
