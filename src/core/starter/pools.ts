/**
 * The content of a slot: a word or phrase, or the forms of one (`base` among them). Each is itself
 * a template.
 */
export type Entry = string | Readonly<Record<string, string>>;

export type Pools = Readonly<Record<string, readonly Entry[]>>;

/** A comma-separated list, for pools that are long lists of short words. */
export function list(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim().replace(/\s+/g, ' '))
    .filter((word) => word !== '');
}

/**
 * Nouns that share the adjectives they may have: `full` is the first mention ("red ball"), `base`
 * every other.
 */
export function things(adjectives: string, nouns: string): Entry[] {
  const choice = `[${list(adjectives).join('|')}]`;
  return list(nouns).map((noun) => ({ base: noun, full: `${choice} ${noun}` }));
}
