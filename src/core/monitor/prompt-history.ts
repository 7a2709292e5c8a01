/** Most prompts to keep. */
const kept = 100;

/** The history with a prompt moved to its end. */
export function remembered(history: readonly string[], prompt: string): readonly string[] {
  if (prompt.trim() === '') return history;
  return [...history.filter((other) => other !== prompt), prompt].slice(-kept);
}

/** A walk through a history: the present position, and the text typed before the walk. */
export interface Walk {
  /** Index in the history; its length stands for the typed text. */
  place: number;
  typed: string;
}

/**
 * One step back (-1) or forward (1). Returns the text to show and the new position; undefined at
 * the end.
 */
export function step(
  history: readonly string[],
  walk: Walk,
  direction: -1 | 1,
): { text: string; walk: Walk } | undefined {
  const place = walk.place + direction;
  if (place < 0 || place > history.length) return undefined;
  return { text: history[place] ?? walk.typed, walk: { ...walk, place } };
}
