import type { Node } from 'jsonc-parser';
import type { Problem } from '../problem';

/** Places problems on the values at their paths, or on the nearest thing around them that exists. */
export function placeProblems(root: Node | undefined, problems: readonly Problem[]): Problem[] {
  return root ? problems.map((problem) => place(problem, root)) : [...problems];
}

/** Keeps the place of a problem that has one. */
export function place(problem: Problem, root: Node): Problem {
  if (problem.range) return problem;
  const { offset, length } = nearest(root, problem.path);
  return { ...problem, range: { offset, length } };
}

/** The innermost value on the way to a dotted path; names of fields may have dots themselves. */
function nearest(node: Node, path: string): Node {
  if (node.type !== 'object') return node;
  for (const { children } of node.children ?? []) {
    const [key, value] = children ?? [];
    if (!key || !value) continue;
    const name = String(key.value);
    if (path === name) return value;
    if (path.startsWith(`${name}.`)) return nearest(value, path.slice(name.length + 1));
  }
  return node;
}
