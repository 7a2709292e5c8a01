import type { Problem } from '../problem';
import { grouped } from '../text';

/**
 * A warning where a separator occurs in a text but separates little: its author probably meant it
 * to have lines of its own.
 *
 * @param counts of the separators alone on their line, and of those with other text on it
 */
export function separatorProblem(
  separator: string,
  { alone, withinLines }: { alone: number; withinLines: number },
): Problem | undefined {
  if (withinLines === 0 || alone >= withinLines) return undefined;
  const own = alone === 0 ? 'on no line of its own' : `on ${grouped(alone)} lines of its own`;
  const result =
    alone === 0
      ? 'the text is cut as running text, and the model learns to say it'
      : 'within lines it separates nothing, and the model learns to say it';
  return {
    code: 'data.separator',
    severity: 'warning',
    path: 'data.separator',
    message: `The separator ${separator} occurs ${grouped(withinLines)} times within lines and ${own}: ${result}.`,
    fix: `Put each on a line of its own, or set data.separator to what stands between documents.`,
  };
}
