import type { Task, TaskProvider, WorkspaceFolder } from 'vscode';
import { StarmindError } from '../../node/starmind-error';
import { loadModel } from '../../node/run/folder';
import { taskWithoutModel } from '../command-errors';
import { findModels, isLocal, localFolders, modelAt, type ModelFile } from '../models';
import { reported } from '../show';
import type { TaskFactory } from './create';
import type { ModelCommand, StarmindTaskDefinition } from './definition';
import { defaultSubject, runSubject, type Subject } from './subject';

const provided: readonly ModelCommand[] = ['train', 'build', 'run'];

/**
 * Provides Train, Build and Run for every model of the workspace, and completes tasks of
 * tasks.json.
 */
export class StarmindTaskProvider implements TaskProvider {
  constructor(private readonly factory: TaskFactory) {}

  async provideTasks(): Promise<Task[]> {
    const models = (await findModels()).filter(({ uri }) => isLocal(uri));
    return (await Promise.all(models.map((model) => this.tasksOf(model)))).flat();
  }

  /** Completes a task of tasks.json; shows the error that keeps it from running. */
  resolveTask(task: Task): Promise<Task | undefined> {
    return reported(() => this.resolve(task));
  }

  private async resolve(task: Task): Promise<Task> {
    const resolved = await this.create(task.definition as StarmindTaskDefinition, folderOf(task));
    // VS Code recognises a resolved task only by the identity of its definition.
    resolved.definition = task.definition;
    return resolved;
  }

  private async create(
    { command, file, run, prompt }: StarmindTaskDefinition,
    folder: WorkspaceFolder | undefined,
  ): Promise<Task> {
    if (command === 'doctor') return this.factory.doctor(folder);
    if (!file || !folder) throw taskWithoutModel();
    const model = modelAt(folder, file);
    const subject = run === undefined ? await subjectOf(model) : runSubject(model, run);
    return this.factory.forRun(subject, command, prompt);
  }

  /** None for a model with errors: its commands say why, this list cannot. */
  private async tasksOf(model: ModelFile): Promise<Task[]> {
    try {
      const subject = await subjectOf(model);
      return provided.map((command) => this.factory.forRun(subject, command));
    } catch (error) {
      if (!(error instanceof StarmindError)) throw error;
      return [];
    }
  }
}

async function subjectOf(model: ModelFile): Promise<Subject> {
  const { config } = await loadModel(model.uri.fsPath);
  return defaultSubject(model, config);
}

/** The folder whose tasks.json holds the task; the first one for tasks of a workspace file. */
function folderOf({ scope }: Task): WorkspaceFolder | undefined {
  return typeof scope === 'object' ? scope : localFolders()[0];
}
