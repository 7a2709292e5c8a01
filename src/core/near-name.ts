import { closest, distance } from 'fastest-levenshtein';

/** Longer names cannot be a misspelt name of ours. */
const longestName = 40;

/** The name that the user probably meant: at most a third of its letters differ. */
export function nearName(written: string, names: readonly string[]): string | undefined {
  if (names.length === 0 || written.length > longestName) return undefined;
  const near = closest(written, [...names]);
  const most = Math.max(1, Math.floor(written.length / 3));
  return distance(written, near) <= most ? near : undefined;
}
