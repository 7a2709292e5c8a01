import { commands as editor, Uri, window, workspace } from 'vscode';
import { runFolder } from '../node/run/folder';
import { createTuning } from '../node/run/new-tuning';
import { commands } from './commands';
import { isNode } from './explorer/nodes';
import { localFolders, requireLocal } from './models';
import { requireTrust } from './tasks/prepare';

/** Makes a project that trains the run of an entry further on a text of the user, and trains it. */
export async function fineTune(argument: unknown): Promise<void> {
  if (!isNode(argument) || argument.kind !== 'run') return;
  requireTrust();
  const run = Uri.parse(argument.uri);
  requireLocal(run);
  const [text] =
    (await window.showOpenDialog({
      title: `Text on which to train ${argument.name} further`,
      openLabel: 'Fine-Tune on This Text',
      filters: { Text: ['txt', 'md'], All: ['*'] },
      ...(localFolders()[0] && { defaultUri: localFolders()[0]?.uri }),
    })) ?? [];
  if (!text) return;
  requireLocal(text);
  const model = Uri.file(await createTuning(runFolder(run.fsPath), text.fsPath));
  await editor.executeCommand('vscode.open', model);
  // Tasks run in folders of the workspace only.
  if (workspace.getWorkspaceFolder(model)) await editor.executeCommand(commands.train.id, model);
}
