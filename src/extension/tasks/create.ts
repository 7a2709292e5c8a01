import { posix } from 'node:path';
import {
  ProcessExecution,
  Task,
  TaskGroup,
  TaskPanelKind,
  TaskRevealKind,
  TaskScope,
  workspace,
  type WorkspaceFolder,
} from 'vscode';
import {
  modelCommandLine,
  taskType,
  type CommandLine,
  type ModelCommand,
  type StarmindTaskDefinition,
} from './definition';
import type { ModelFile } from '../models';
import { pythonVariable } from '../../node/train/pytorch/python';
import { settings } from '../settings';
import type { Subject } from './subject';

/** Lists what a task says of a model.json; package.json describes it. */
const problemMatcher = '$starmind';

const verbs: Record<ModelCommand, string> = { train: 'Train', build: 'Build', run: 'Run' };

/** Makes tasks that run the bundled command line in a terminal. */
export class TaskFactory {
  /** @param cli path of dist/cli.js */
  constructor(private readonly cli: string) {}

  /** A task on a run of a model; without a prompt, `run` continues the default one. */
  forRun(subject: Subject, command: ModelCommand, prompt?: string): Task {
    const { model, run, isDefault } = subject;
    const definition: StarmindTaskDefinition = {
      type: taskType,
      command,
      file: model.relativePath,
      // VS Code compares definitions field by field and distinguishes an undefined field from an
      // absent one.
      ...(isDefault ? {} : { run }),
      ...(prompt === undefined ? {} : { prompt }),
    };
    const line = modelCommandLine(command, model.uri.fsPath, run, {
      prompt,
      outlivesWindow: outlivesWindow(model),
    });
    const task = this.create(
      definition,
      model.folder,
      `${verbs[command]} ${nameOf(subject)}`,
      line,
    );
    if (command === 'build') task.group = TaskGroup.Build;
    return task;
  }

  /** The tools that a firmware build needs, found or not. */
  doctor(folder: WorkspaceFolder | undefined): Task {
    const definition: StarmindTaskDefinition = { type: taskType, command: 'doctor' };
    const line = { args: ['doctor'], cwd: folder?.uri.fsPath };
    return this.create(definition, folder ?? TaskScope.Workspace, 'Doctor', line);
  }

  private create(
    definition: StarmindTaskDefinition,
    scope: WorkspaceFolder | TaskScope.Workspace,
    name: string,
    { args, cwd }: Partial<CommandLine> & Pick<CommandLine, 'args'>,
  ): Task {
    // The executable of this very process is a Node everywhere: Electron becomes one with the
    // variable, and VS Code's server ignores it.
    const execution = new ProcessExecution(process.execPath, [this.cli, ...args], {
      cwd,
      env: { ELECTRON_RUN_AS_NODE: '1', STARMIND_EDITOR: '1', ...chosenPython() },
    });
    const task = new Task(definition, scope, name, taskType, execution, [problemMatcher]);
    task.presentationOptions = { reveal: TaskRevealKind.Always, panel: TaskPanelKind.Dedicated };
    return task;
  }
}

/** Whether the user wants trainings of a model to go on when the window is closed. */
function outlivesWindow({ uri }: ModelFile): boolean {
  return workspace.getConfiguration(undefined, uri).get(settings.whenWindowCloses) === 'continue';
}

/** The variable of the Python that the user has chosen, for the pytorch engine. */
function chosenPython(): Record<string, string> {
  const python = workspace.getConfiguration().get<string>(settings.python);
  return python ? { [pythonVariable]: python } : {};
}

/** Path of the model below the workspace folder; with the run where the default is not meant. */
function nameOf({ model, run, isDefault }: Subject): string {
  const { relativePath } = model;
  return isDefault ? relativePath : posix.join(posix.dirname(relativePath), 'runs', run);
}
