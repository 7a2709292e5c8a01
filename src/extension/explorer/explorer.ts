import { commands as editor, Disposable, Uri, window } from 'vscode';
import type { CommandBody, CommandName } from '../commands';
import { deleteRun } from './delete-run';
import { isNode } from './nodes';
import { StarmindTree } from './provider';
import { viewId } from './view-id';
import { watchModels } from './watch';

/** The view of models and their runs. */
export class Explorer {
  private readonly tree = new StarmindTree();
  private readonly owned: Disposable;

  /** Handlers of the commands of the view. */
  readonly actions = {
    refresh: async () => this.tree.refresh(),
    reveal,
    deleteRun,
  } satisfies Partial<Record<CommandName, CommandBody>>;

  constructor() {
    const { tree } = this;
    const view = window.createTreeView(viewId, { treeDataProvider: tree, showCollapseAll: true });
    this.owned = Disposable.from(
      view,
      watchModels(() => tree.refresh()),
      tree,
    );
  }

  dispose(): void {
    this.owned.dispose();
  }
}

/** Shows the file or folder of an entry in the system's file manager. */
async function reveal(argument: unknown): Promise<void> {
  if (!isNode(argument) || !('uri' in argument)) return;
  await editor.executeCommand('revealFileInOS', Uri.parse(argument.uri));
}
