import { dirname } from 'node:path';
import { commands as editor, Uri, window, workspace, type Disposable, type Memento } from 'vscode';
import { createModel } from '../../node/run/new-model';
import type { CommandBody, CommandName } from '../commands';
import { reported } from '../show';
import type { TaskFactory } from '../tasks/create';
import { prepare, requireTrust } from '../tasks/prepare';
import { runToEnd } from '../tasks/run-to-end';
import { projectModel } from './model';
import { askProject } from './steps';

/** Key of the new model's Uri, as text, kept while VS Code opens the folder of its project. */
export const openingKey = 'newProject.opening';

type Hear = (model: Uri) => Promise<void>;

/** Leads the user from a few questions to a trained model that generates text. */
export class NewProject {
  readonly actions = {
    new: () => this.create(),
  } satisfies Partial<Record<CommandName, CommandBody>>;

  private untrusted: Disposable | undefined;

  /**
   * @param memory shared by all windows: opening a folder may start another window
   * @param hear runs a trained model on the chosen board
   */
  constructor(
    private readonly factory: TaskFactory,
    private readonly memory: Memento,
    private readonly hear: Hear,
  ) {}

  dispose(): void {
    this.untrusted?.dispose();
  }

  /** Continues with a project whose folder VS Code opened for it. */
  async resume(): Promise<void> {
    const opening = this.memory.get<string>(openingKey);
    if (!opening) return;
    const model = Uri.parse(opening);
    if (!workspace.getWorkspaceFolder(model)) return;
    await this.memory.update(openingKey, undefined);
    await this.begin(model);
  }

  private async create(): Promise<void> {
    const answers = await askProject();
    if (!answers) return;
    const model = Uri.file(await createModel(answers.folder, projectModel(answers)));
    if (workspace.getWorkspaceFolder(model)) await this.begin(model);
    // Do not await it: the message may stay for hours, and the command is over.
    else void reported(() => this.offerFolder(model));
  }

  /** Tasks run in folders of the workspace only. */
  private async offerFolder(model: Uri): Promise<void> {
    const folder = Uri.file(dirname(model.fsPath));
    const open = 'Open Folder';
    const answer = await window.showInformationMessage(
      `The project is in ${folder.fsPath}, which is not open here. Open it to train the model.`,
      open,
    );
    if (answer !== open) {
      await show(model);
      return;
    }
    await this.memory.update(openingKey, model.toString());
    await editor.executeCommand('vscode.openFolder', folder);
  }

  /** Shows the model, and offers to train it once the folder is trusted. */
  private async begin(model: Uri): Promise<void> {
    await show(model);
    const offer = () => void reported(() => this.offerTraining(model));
    if (workspace.isTrusted) {
      offer();
      return;
    }
    this.untrusted?.dispose();
    this.untrusted = workspace.onDidGrantWorkspaceTrust(() => {
      this.untrusted?.dispose();
      offer();
    });
  }

  private async offerTraining(model: Uri): Promise<void> {
    const train = 'Train and Flash';
    const answer = await window.showInformationMessage(
      'Train it now, and hear it speak?',
      train,
      'Later',
    );
    if (answer === train) await trainAndHear(this.factory, model, this.hear);
  }
}

/** Trains a model, and runs it on the board when the training has succeeded. */
export async function trainAndHear(factory: TaskFactory, model: Uri, hear: Hear): Promise<void> {
  requireTrust();
  const subject = await prepare({ uri: model }, 'train');
  if (!subject) return;
  const exitCode = await runToEnd(factory.forRun(subject, 'train'));
  if (exitCode === 0) await hear(model);
}

async function show(model: Uri): Promise<void> {
  await editor.executeCommand('vscode.open', model);
}
