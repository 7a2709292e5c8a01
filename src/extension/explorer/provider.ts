import { EventEmitter, type TreeDataProvider, type TreeItem } from 'vscode';
import type { PicoPort } from '../../node/board/list-ports';
import { treeItem } from './item';
import type { Node } from './nodes';
import { scanModels, scanPorts } from './scan';
import { buildTree } from './tree';

/** The entries of the Starmind view. */
export class StarmindTree implements TreeDataProvider<Node> {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;

  /** Kept between refreshes of the files: looking for ports starts a program on some systems. */
  private ports: Promise<PicoPort[]> | undefined;

  /** Looks everything up anew. */
  refresh(): void {
    this.ports = undefined;
    this.changed.fire();
  }

  /** Looks the models and their runs up anew. */
  refreshFiles(): void {
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
    this.ports ??= scanPorts();
    const [models, ports] = await Promise.all([scanModels(), this.ports]);
    return buildTree(models, ports);
  }
}
