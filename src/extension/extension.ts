import { commands as editor, tasks, type ExtensionContext } from 'vscode';
import { actions } from './actions';
import { commands, type CommandName } from './commands';
import { reported } from './show';
import { TaskFactory } from './tasks/create';
import { taskType } from './tasks/definition';
import { StarmindTaskProvider } from './tasks/provider';

/** Wires the features; each is described where it is defined. */
export function activate(context: ExtensionContext): void {
  const factory = new TaskFactory(context.asAbsolutePath('dist/cli.js'));
  context.subscriptions.push(
    tasks.registerTaskProvider(taskType, new StarmindTaskProvider(factory)),
  );
  const bodies = actions(factory, context.workspaceState);
  for (const name of Object.keys(commands) as CommandName[]) {
    context.subscriptions.push(
      editor.registerCommand(commands[name].id, () => reported(bodies[name])),
    );
  }
}
