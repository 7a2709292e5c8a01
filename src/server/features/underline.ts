import { findNodeAtOffset, type Node } from 'jsonc-parser';
import type { Problem } from '../../core/problem';

/**
 * The range to underline for a problem: its value; but the name of a section rather than all of its
 * lines, and the name of a field whose name is the problem.
 */
export function underlined({ code, range }: Problem, root: Node | undefined): Problem['range'] {
  const node = range && root && findNodeAtOffset(root, range.offset);
  if (!node || node.offset !== range.offset || node.length !== range.length) return range;
  const isSection = node.type === 'object' || node.type === 'array';
  if (!isSection && code !== 'field.unknown') return range;
  const name = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  if (name) return { offset: name.offset, length: name.length };
  // The whole file: its first bracket.
  return { offset: range.offset, length: Math.min(1, range.length) };
}
