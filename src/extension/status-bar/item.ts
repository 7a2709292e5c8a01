import {
  Disposable,
  MarkdownString,
  StatusBarAlignment,
  ThemeColor,
  window,
  workspace,
  type StatusBarItem,
  type Uri,
} from 'vscode';
import { activeModelUri } from '../active-model';
import { baseShapesOf } from '../base-shapes';
import { commands } from '../commands';
import { modelStatus, type ModelStatus } from './text';

const id = 'starmind.model';

/** Shows the cost of the active model in the status bar. Hidden when there is none. */
export class ModelStatusItem {
  readonly item: StatusBarItem = window.createStatusBarItem(id, StatusBarAlignment.Right, 100);
  private readonly owned: Disposable;
  /** Uri of the model that the item shows. */
  private shown: string | undefined;
  /** The last result of this model without errors. */
  private lastGood: ModelStatus | undefined;

  constructor() {
    this.item.name = 'Starmind Model';
    const update = () => void this.update();
    this.owned = Disposable.from(
      this.item,
      window.onDidChangeActiveTextEditor(update),
      window.tabGroups.onDidChangeTabs(update),
      window.tabGroups.onDidChangeTabGroups(update),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.toString() === this.shown) this.show(document.uri, document.getText());
      }),
    );
    update();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async update(): Promise<void> {
    const uri = activeModelUri();
    if (uri?.toString() !== this.shown) this.lastGood = undefined;
    this.shown = uri?.toString();
    if (!uri) return this.item.hide();
    const document = await open(uri);
    // The user may have switched to another model while this one was read.
    if (this.shown !== uri.toString()) return;
    if (document) this.show(uri, document.getText());
    else this.item.hide();
  }

  private show(uri: Uri, modelText: string): void {
    const status = modelStatus(modelText, this.lastGood, baseShapesOf(uri));
    if (!status) return this.item.hide();
    if (status.isEstimated) this.lastGood = status;
    const { text, tooltip, isError } = status;
    this.item.text = text;
    this.item.tooltip = new MarkdownString(tooltip);
    this.item.backgroundColor = isError
      ? new ThemeColor('statusBarItem.errorBackground')
      : undefined;
    this.item.command = {
      command: commands.openForm.id,
      title: commands.openForm.title,
      arguments: [uri],
    };
    this.item.show();
  }
}

/** Undefined for a tab whose file is gone. */
async function open(uri: Uri) {
  try {
    return await workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}
