import { EventEmitter, type TreeDataProvider, type TreeItem } from 'vscode';
import { treeItem } from './item';
import type { Node } from './nodes';
import { scanModels } from './scan';
import { buildTree } from './tree';

/** The entries of the view of models. */
export class StarmindTree implements TreeDataProvider<Node> {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;

  /** Looks for the models and their runs again. */
  refresh(): void {
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }

  getTreeItem(node: Node): TreeItem {
    return treeItem(node);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return 'children' in node ? node.children : [];
    return buildTree(await scanModels());
  }
}
