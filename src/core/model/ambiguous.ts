import type { Node } from 'jsonc-parser';
import type { JsonPath, Problem } from '../problem';
import { mostOfAKind } from './unreadable';

/**
 * Finds JSON that parsers read differently: duplicate fields, and numbers out of range. Skips
 * arrays, of which a model has none: no path of ours leads there.
 */
export function ambiguities(text: string, root: Node): Problem[] {
  const problems: Problem[] = [];
  look(text, root, [], problems);
  return problems.slice(0, mostOfAKind);
}

function look(text: string, node: Node, path: JsonPath, problems: Problem[]): void {
  const range = { offset: node.offset, length: node.length };
  if (node.type === 'number' && !Number.isFinite(node.value)) {
    const written = text.slice(range.offset, range.offset + 20);
    problems.push({
      code: 'value.infinite',
      severity: 'error',
      path: path.join('.'),
      message: `${path.join('.') || 'model.json'} is ${/^[^\s,}\]]*/.exec(written)?.[0]}: no number is that large.`,
      fix: 'Use a smaller number.',
      range,
    });
  }
  if (node.type === 'object') fields(text, node, path, problems);
}

function fields(text: string, object: Node, path: JsonPath, problems: Problem[]): void {
  const seen = new Set<string>();
  for (const { children } of object.children ?? []) {
    const [key, value] = children ?? [];
    if (!key || !value) continue;
    const name = String(key.value);
    const inner = [...path, name];
    // Paths lead into the first of the two: no change can reach the other yet.
    if (seen.has(name)) problems.push(duplicate(inner, key));
    else look(text, value, inner, problems);
    seen.add(name);
  }
}

function duplicate(path: JsonPath, { offset, length }: Node): Problem {
  const name = path.at(-1) ?? '';
  return {
    code: 'field.duplicate',
    severity: 'error',
    path: path.join('.'),
    message: `"${name}" is given twice.`,
    fix: 'Keep one of them.',
    // A change finds the first of them.
    fixes: [{ title: `Remove the first "${name}"`, changes: [{ path, remove: true }] }],
    range: { offset, length },
  };
}
