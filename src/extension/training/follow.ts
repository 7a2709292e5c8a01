import { join } from 'node:path';
import {
  commands as editor,
  Disposable,
  tasks,
  Uri,
  window,
  workspace,
  type Task,
  type WorkspaceFolder,
} from 'vscode';
import { exitCodes } from '../../node/starmind-error';
import { loadModel } from '../../node/run/folder';
import { RunList } from '../../node/run/run-list';
import { commands } from '../commands';
import { modelAt } from '../models';
import { settings } from '../settings';
import { runNodeOf } from '../target';
import { taskType, type StarmindTaskDefinition } from '../tasks/definition';
import { defaultSubject } from '../tasks/subject';
import type { TrainingPanel } from './panel';

/** Opens the page of trainings when one starts, and says at its end what can be done next. */
export function followTrainings(panel: TrainingPanel): Disposable {
  return Disposable.from(
    tasks.onDidStartTask(({ execution }) => void begun(execution.task, panel)),
    tasks.onDidEndTaskProcess(({ execution, exitCode }) => void ended(execution.task, exitCode)),
  );
}

async function begun(task: Task, panel: TrainingPanel): Promise<void> {
  if (!workspace.getConfiguration().get(settings.openTrainingPage, true)) return;
  const trained = await trainedBy(task);
  if (trained) await panel.watch(trained);
}

async function ended(task: Task, exitCode: number | undefined): Promise<void> {
  const trained = await trainedBy(task);
  if (!trained || exitCode === undefined) return;
  const { model, run } = trained;
  const runs = await new RunList(join(model, '..', 'runs')).read();
  const facts = runs.find(({ name }) => name === run);
  if (exitCode !== exitCodes.ok || !facts) {
    // A user who has interrupted or discarded the training knows.
    if (exitCode === exitCodes.interrupted || exitCode === exitCodes.ok) return;
    await window.showErrorMessage(
      `The training of "${run}" has failed. Its terminal and the Problems view say why.`,
    );
    return;
  }
  const bits = facts.quality && `: ${facts.quality.device.toFixed(3)} bits a byte on the device`;
  const next = [commands.flash, commands.run, commands.showTraining];
  const answer = await window.showInformationMessage(
    `"${run}" is trained${bits ?? ''}.`,
    ...next.map(({ title }) => title),
  );
  const chosen = next.find(({ title }) => title === answer);
  if (chosen) await editor.executeCommand(chosen.id, runNodeOf(Uri.file(model), run));
}

/** The run that a task trains; undefined for other tasks. */
async function trainedBy(task: Task): Promise<{ model: string; run: string } | undefined> {
  const { type, command, file } = task.definition as StarmindTaskDefinition;
  const folder = task.scope as WorkspaceFolder | undefined;
  if (type !== taskType || command !== 'train' || !file || !folder?.uri) return undefined;
  const model = modelAt(folder, file);
  // A model.json with errors trains nothing, and the task says so.
  const loaded = await loadModel(model.uri.fsPath).catch(() => undefined);
  return loaded && { model: model.uri.fsPath, run: defaultSubject(model, loaded.config).run };
}
