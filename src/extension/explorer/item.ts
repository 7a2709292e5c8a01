import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from 'vscode';
import { contextValue, type Node } from './nodes';

const { None, Collapsed, Expanded } = TreeItemCollapsibleState;

/** How VS Code shows an entry of the view. */
export function treeItem(node: Node): TreeItem {
  const item = new TreeItem(node.label, collapsibleState(node));
  item.id = node.id;
  item.description = node.description;
  item.tooltip = node.tooltip;
  item.iconPath = icon(node);
  item.contextValue = contextValue(node);
  if (node.kind === 'file' && node.isText) {
    item.command = { command: 'vscode.open', title: 'Open', arguments: [Uri.parse(node.uri)] };
  }
  return item;
}

function collapsibleState(node: Node): TreeItemCollapsibleState {
  if (!('children' in node) || node.children.length === 0) return None;
  return node.kind === 'run' ? Collapsed : Expanded;
}

function icon(node: Node): ThemeIcon {
  switch (node.kind) {
    case 'model':
      return node.state === 'fits'
        ? new ThemeIcon('circuit-board')
        : new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground'));
    case 'run':
      return new ThemeIcon(node.trained ? 'mortar-board' : 'circle-dashed');
    case 'file':
      return new ThemeIcon(node.isText ? 'json' : 'file-binary');
  }
}
