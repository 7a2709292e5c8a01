import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { Problem } from '../problem';
import { jsonTree } from './json-tree';

/** Places problems on the values at their paths, or on the nearest thing around them that exists. */
export function placeProblems(text: string, problems: readonly Problem[]): Problem[] {
  const root = problems.length > 0 ? jsonTree(text) : undefined;
  return root ? problems.map((problem) => place(problem, root)) : [...problems];
}

export function place(problem: Problem, root: Node): Problem {
  const steps = problem.path === '' ? [] : problem.path.split('.');
  for (let length = steps.length; length >= 0; length--) {
    const node = findNodeAtLocation(root, steps.slice(0, length));
    if (node) return { ...problem, range: { offset: node.offset, length: node.length } };
  }
  return problem;
}
