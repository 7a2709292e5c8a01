import { basename, dirname, join } from 'node:path';
import {
  commands as editor,
  Disposable,
  Uri,
  window,
  workspace,
  type Memento,
  type WebviewPanel,
} from 'vscode';
import type { FromTrainingPage, ToTrainingPage } from '../../core/train/page-messages';
import { replaceFile } from '../../node/files';
import { askTraining } from '../../node/train/requests';
import { commands } from '../commands';
import { modelOf, requireLocal } from '../models';
import { reported } from '../show';
import { SinglePanel } from '../single-panel';
import { runNodeOf, targetOf, type Target } from '../target';
import { runPath } from '../tasks/definition';
import { defaultSubject } from '../tasks/subject';
import { checkModel } from '../check-model';
import { trainingViewType } from './view-type';
import { WatchedRuns } from './watched-runs';

/** The key under which a window remembers what the page is about, over a reload. */
const memoryKey = 'training.subject';

/** A run, by the path of its model.json and its own name. */
interface Shown {
  model: string;
  run: string;
}

/** The page that shows trainings: those at work, and those of the past to compare. */
export class TrainingPanel {
  private readonly panel: SinglePanel;
  private post: ((message: ToTrainingPage) => void) | undefined;
  private watched: WatchedRuns | undefined;

  constructor(
    extensionUri: Uri,
    private readonly memory: Memento,
  ) {
    this.panel = new SinglePanel(extensionUri, {
      viewType: trainingViewType,
      title: 'Training',
      bundle: 'training',
      connect: (panel) => this.connect(panel),
    });
  }

  /** @param argument what the user called the command on: a model or a run */
  async show(argument: unknown): Promise<void> {
    const target = await targetOf(argument);
    const shown = target && (await shownOf(target));
    if (!shown) return;
    await this.watch(shown, true);
  }

  /** Shows a training that has begun. */
  async watch(shown: Shown, takesFocus = false): Promise<void> {
    await this.memory.update(memoryKey, shown);
    this.panel.open({ takesFocus });
    // The page has the courses of this project, and knows only changes to them.
    if (this.watched?.folder === runsOf(shown)) this.watched.show(shown.run);
    else if (this.post) this.begin(this.post);
  }

  dispose(): void {
    this.watched?.dispose();
    this.panel.dispose();
  }

  private begin(post: (message: ToTrainingPage) => void): void {
    this.watched?.dispose();
    this.watched = undefined;
    const shown = this.memory.get<Shown>(memoryKey);
    if (!shown) return;
    const project = basename(dirname(shown.model));
    this.watched = new WatchedRuns(project, runsOf(shown), shown.run, post);
  }

  private connect({ webview }: WebviewPanel): Disposable {
    const post = (message: ToTrainingPage): void => void webview.postMessage(message);
    return Disposable.from(
      webview.onDidReceiveMessage((message: FromTrainingPage) =>
        reported(() => this.answer(message, post)),
      ),
      new Disposable(() => {
        if (this.post !== post) return;
        this.post = undefined;
        this.watched?.dispose();
        this.watched = undefined;
      }),
    );
  }

  private async answer(
    message: FromTrainingPage,
    post: (message: ToTrainingPage) => void,
  ): Promise<void> {
    const shown = this.memory.get<Shown>(memoryKey);
    switch (message.kind) {
      case 'ready':
        this.post = post;
        return this.begin(post);
      case 'show':
        if (shown) await this.memory.update(memoryKey, { ...shown, run: message.run });
        return this.watched?.show(message.run);
      case 'draw':
        return this.watched?.draw(message.runs);
      case 'ask':
        if (!shown) return;
        return askTraining(join(dirname(shown.model), runPath(message.run)), message.request);
      case 'train':
        if (!shown) return;
        return editor.executeCommand(commands.train.id, Uri.file(shown.model));
      case 'flash':
        if (!shown) return;
        return editor.executeCommand(
          commands.flash.id,
          runNodeOf(Uri.file(shown.model), message.run),
        );
      case 'save':
        return save(message, shown);
    }
  }
}

/** The folder that holds the runs of a project. */
function runsOf({ model }: Shown): string {
  return join(dirname(model), 'runs');
}

/**
 * The run that a target means; undefined after the errors of its model have been shown.
 *
 * @throws StarmindError `workspace.virtual` for a model whose runs programs cannot read
 */
async function shownOf({ uri, run }: Target): Promise<Shown | undefined> {
  requireLocal(uri);
  if (run !== undefined) return { model: uri.fsPath, run };
  const model = modelOf(uri);
  const config = await checkModel(model);
  return config && { model: uri.fsPath, run: defaultSubject(model, config).run };
}

async function save(
  { name, content, type }: Extract<FromTrainingPage, { kind: 'save' }>,
  shown: Shown | undefined,
): Promise<void> {
  const folder = shown ? Uri.file(dirname(shown.model)) : workspace.workspaceFolders?.[0]?.uri;
  const filters: Record<string, string[]> =
    type === 'png' ? { Picture: ['png'] } : { 'Comma-separated values': ['csv'] };
  const defaultUri = folder && Uri.joinPath(folder, name);
  const chosen = await window.showSaveDialog({ filters, ...(defaultUri && { defaultUri }) });
  if (!chosen) return;
  await replaceFile(chosen.fsPath, type === 'png' ? Buffer.from(content, 'base64') : content);
}
