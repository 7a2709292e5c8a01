import { tasks, window, type Memento } from 'vscode';
import type { CommandBody, CommandName } from './commands';
import { localFolders } from './models';
import { targetOf } from './target';
import type { TaskFactory } from './tasks/create';
import { defaultPrompt, type ModelCommand } from './tasks/definition';
import { prepare, requireTrust } from './tasks/prepare';

const promptKey = 'run.prompt';

/**
 * The commands that start programs: each finds the model, checks it, and runs a task in a terminal.
 *
 * @param memory keeps the last prompt
 */
export function actions(factory: TaskFactory, memory: Memento) {
  return {
    train: (argument) => runOn(argument, factory, 'train'),
    build: (argument) => runOn(argument, factory, 'build'),
    run: (argument) => runOn(argument, factory, 'run', () => askPrompt(memory)),
    doctor: async () => {
      requireTrust();
      await tasks.executeTask(factory.doctor(localFolders()[0]));
    },
  } satisfies Partial<Record<CommandName, CommandBody>>;
}

/** @param ask gives the prompt; undefined when the user gives up */
async function runOn(
  argument: unknown,
  factory: TaskFactory,
  command: ModelCommand,
  ask?: () => Promise<string | undefined>,
): Promise<void> {
  requireTrust();
  const target = await targetOf(argument);
  const subject = target && (await prepare(target, command));
  if (!subject) return;
  const prompt = await ask?.();
  if (ask && prompt === undefined) return;
  await tasks.executeTask(factory.forRun(subject, command, prompt));
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
