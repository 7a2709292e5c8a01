import { basename, dirname, join } from 'node:path';
import type { ModelConfig } from '../../core/model/config';
import { defaultRunFolder } from '../../node/run/folder';

export const taskType = 'starmind';

/** The commands of a task; only `doctor` needs no model. */
export const taskCommands = ['train', 'build', 'run', 'doctor'] as const;
export type TaskCommand = (typeof taskCommands)[number];
export type ModelCommand = Exclude<TaskCommand, 'doctor'>;

/** A task of tasks.json, as `taskDefinitions` of package.json describes it. */
export interface StarmindTaskDefinition {
  type: typeof taskType;
  command: TaskCommand;
  /** The model.json, relative to the workspace folder. */
  file?: string;
  /** Name of the run that is built or runs; without it the one that `train` makes. */
  run?: string;
  /** The prompt of `run`. */
  prompt?: string;
}

export const defaultPrompt = 'Once upon a time';

/** A call of the command line. */
export interface CommandLine {
  args: string[];
  cwd: string;
}

/** Name of the run that training a model makes. */
export function defaultRun(modelFile: string, config: ModelConfig): string {
  return basename(defaultRunFolder(modelFile, config).path);
}

/** Folder of a run, relative to the one of its model. */
export function runPath(run: string): string {
  return join('runs', run);
}

/** How a task does its command, beside what it is about. */
export interface CommandWishes {
  /** The prompt of `run`. */
  prompt?: string | undefined;
  /** A training goes on when its terminal and its window are closed. */
  outlivesWindow?: boolean;
}

/** The command line that does `command` with a run of a model; it runs in the model's folder. */
export function modelCommandLine(
  command: ModelCommand,
  modelFile: string,
  run: string,
  { prompt = defaultPrompt, outlivesWindow = false }: CommandWishes = {},
): CommandLine {
  const cwd = dirname(modelFile);
  switch (command) {
    case 'train':
      return {
        cwd,
        args: ['train', basename(modelFile), ...(outlivesWindow ? ['--background'] : [])],
      };
    case 'build':
      return { cwd, args: ['build', runPath(run)] };
    case 'run':
      return { cwd, args: ['run', runPath(run), '--board', 'virtual', '--prompt', prompt] };
  }
}
