import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { packageRoot } from '../../src/node/assets';

/** A table of Markdown; its first row is the head, and numbers stand on the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (typeof rows[0]?.[column] === 'number' ? '---:' : '---'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** Replaces a section of docs/benchmarks.md, between comments that name it. */
export async function writeSection(name: string, markdown: string): Promise<void> {
  const file = join(packageRoot(), 'docs', 'benchmarks.md');
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no section ${name}.`);
  const written = `${text.slice(0, from)}${begin}\n\n${markdown}\n\n${text.slice(to)}`;
  const options = { ...(await resolveConfig(file)), parser: 'markdown' };
  writeFileSync(file, await format(written, options));
}
