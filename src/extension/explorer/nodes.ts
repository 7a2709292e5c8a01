/** Entries of the view of models, as plain data. */
export type Node = ModelNode | RunNode | FileNode;

interface Shown {
  /** The same for the same thing after every refresh, so that what was open stays open. */
  id: string;
  label: string;
  description?: string;
  tooltip?: string;
}

export interface ModelNode extends Shown {
  kind: 'model';
  /** Of its model.json. */
  uri: string;
  /** `over`: too large for the chip. */
  state: 'fits' | 'over' | 'invalid';
  children: RunNode[];
}

export interface RunNode extends Shown {
  kind: 'run';
  /** Of its folder. */
  uri: string;
  /** Of the model.json whose run it is. */
  modelUri: string;
  /** Name of its folder. */
  name: string;
  /** It has weights, so firmware can be built from it. */
  trained: boolean;
  children: FileNode[];
}

export interface FileNode extends Shown {
  kind: 'file';
  uri: string;
  /** It can be shown in an editor. */
  isText: boolean;
}

const kinds: readonly unknown[] = ['model', 'run', 'file'] satisfies Node['kind'][];

/** Whether what a command was called on is an entry of the view. */
export function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && kinds.includes(value.kind)
  );
}

/** What the menus of package.json know an entry by: `viewItem` in their conditions. */
export function contextValue(node: Node): string {
  if (node.kind === 'run') return node.trained ? 'run.trained' : 'run.unfinished';
  return node.kind;
}
