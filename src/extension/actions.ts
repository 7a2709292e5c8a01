import { tasks, window, workspace, type Memento } from 'vscode';
import { checkModel } from './check-model';
import type { CommandName } from './commands';
import { workspaceUntrusted } from './errors';
import { chooseModel, localFolders } from './models';
import type { TaskFactory } from './tasks/create';
import { defaultPrompt, type ModelCommand } from './tasks/definition';

const promptKey = 'run.prompt';

/**
 * What each command does: the model, its check, then a task in a terminal.
 *
 * @param memory where the last prompt is kept
 */
export function actions(
  factory: TaskFactory,
  memory: Memento,
): Record<CommandName, () => Promise<void>> {
  return {
    train: () => runOnModel(factory, 'train'),
    build: () => runOnModel(factory, 'build'),
    run: () => runOnModel(factory, 'run', () => askPrompt(memory)),
    doctor: async () => {
      requireTrust();
      await tasks.executeTask(factory.doctor(localFolders()[0]));
    },
  };
}

/** @param ask gives the prompt; undefined when the user gives up */
async function runOnModel(
  factory: TaskFactory,
  command: ModelCommand,
  ask?: () => Promise<string | undefined>,
): Promise<void> {
  requireTrust();
  const model = await chooseModel();
  if (!model) return;
  const config = await checkModel(model);
  if (!config) return;
  const prompt = await ask?.();
  if (ask && prompt === undefined) return;
  await tasks.executeTask(factory.forModel(model, config, command, prompt));
}

/** @throws StarmindError `workspace.untrusted` */
function requireTrust(): void {
  if (!workspace.isTrusted) throw workspaceUntrusted();
}

async function askPrompt(memory: Memento): Promise<string | undefined> {
  const prompt = await window.showInputBox({
    title: 'Run on Virtual Pico',
    prompt: 'Text that the model continues',
    value: memory.get(promptKey, defaultPrompt),
  });
  if (prompt !== undefined) await memory.update(promptKey, prompt);
  return prompt;
}
