import { basename, dirname, relative } from 'node:path';
import type { ModelConfig } from '../../core/model/config';
import { defaultRunFolder } from '../../node/run/folder';

export const taskType = 'starmind';

/** What a task does; `doctor` is the one that needs no model. */
export const taskCommands = ['train', 'build', 'run', 'doctor'] as const;
export type TaskCommand = (typeof taskCommands)[number];
export type ModelCommand = Exclude<TaskCommand, 'doctor'>;

/** A task of tasks.json, as `taskDefinitions` of package.json describes it. */
export interface StarmindTaskDefinition {
  type: typeof taskType;
  command: TaskCommand;
  /** The model.json, relative to the workspace folder. */
  file?: string;
  /** Text that `run` continues. */
  prompt?: string;
}

export const defaultPrompt = 'Once upon a time';

/** A call of the command line. */
export interface CommandLine {
  args: string[];
  cwd: string;
}

/** The command line that does `command` with a model; it runs in the model's folder. */
export function modelCommandLine(
  command: ModelCommand,
  modelFile: string,
  config: ModelConfig,
  prompt = defaultPrompt,
): CommandLine {
  const cwd = dirname(modelFile);
  const run = relative(cwd, defaultRunFolder(modelFile, config).path);
  switch (command) {
    case 'train':
      return { cwd, args: ['train', basename(modelFile)] };
    case 'build':
      return { cwd, args: ['build', run] };
    case 'run':
      return { cwd, args: ['run', run, '--board', 'virtual', '--prompt', prompt] };
  }
}
