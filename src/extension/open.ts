import { commands as editor } from 'vscode';
import type { CommandBody, CommandName } from './commands';
import { modelEditorViewType } from './editor/view-type';
import { targetOf } from './target';

/** VS Code's name for its text editor among the ways to open a file. */
const textEditor = 'default';

/** Handlers of the commands that show a model.json. */
export function openActions() {
  return {
    openForm: (argument) => openWith(argument, modelEditorViewType),
    openText: (argument) => openWith(argument, textEditor),
  } satisfies Partial<Record<CommandName, CommandBody>>;
}

async function openWith(argument: unknown, viewType: string): Promise<void> {
  const target = await targetOf(argument);
  if (target) await editor.executeCommand('vscode.openWith', target.uri, viewType);
}
