import { distance } from 'fastest-levenshtein';

/** The names most similar to `name`, best first; none when none is similar. */
export function nearNames(name: string, names: readonly string[]): string[] {
  const mostEdits = Math.max(2, Math.floor(name.length / 3));
  return names
    .map((other) => ({ other, edits: distance(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ edits }) => edits <= mostEdits)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map(({ other }) => other);
}

/**
 * A question for a user who may have misspelt a name, and a blank; empty when no name is similar.
 */
export function didYouMean(name: string, names: readonly string[]): string {
  const [nearest] = nearNames(name, names);
  return nearest === undefined ? '' : `Did you mean "${nearest}"? `;
}
