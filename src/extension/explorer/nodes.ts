/** Entries of the view of models, as plain data. */
export type Node = ModelNode | RunNode | FileNode;

interface Shown {
  /**
   * Stays the same for the same entry after every refresh, so that the view keeps open entries
   * open.
   */
  id: string;
  label: string;
  description?: string;
  tooltip?: string;
}

export interface ModelNode extends Shown {
  kind: 'model';
  /** Uri of its model.json. */
  uri: string;
  /** `over`: too large for the chip. */
  state: 'fits' | 'over' | 'invalid';
  children: RunNode[];
}

export interface RunNode extends Shown {
  kind: 'run';
  /** Uri of its folder. */
  uri: string;
  /** Uri of the model.json whose run it is. */
  modelUri: string;
  /** Name of its folder. */
  name: string;
  /** The run has weights, so firmware can be built from it. */
  trained: boolean;
  children: FileNode[];
}

export interface FileNode extends Shown {
  kind: 'file';
  uri: string;
  /** An editor can show the file. */
  isText: boolean;
}

const kinds: readonly unknown[] = ['model', 'run', 'file'] satisfies Node['kind'][];

/** Whether the argument of a command is an entry of the view. */
export function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && kinds.includes(value.kind)
  );
}

/** The `viewItem` value by which the menus of package.json recognise an entry. */
export function contextValue(node: Node): string {
  if (node.kind === 'run') return node.trained ? 'run.trained' : 'run.unfinished';
  return node.kind;
}
