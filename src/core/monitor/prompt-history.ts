/** Prompts that are kept. */
const kept = 100;

/** The history with a prompt at its end, where it is once. */
export function remembered(history: readonly string[], prompt: string): readonly string[] {
  if (prompt.trim() === '') return history;
  return [...history.filter((other) => other !== prompt), prompt].slice(-kept);
}

/** A walk through a history: where one is, and what was typed before it began. */
export interface Walk {
  /** Index in the history; its length stands for what was typed. */
  place: number;
  typed: string;
}

/** One step back (-1) or forward (1). Returns what to show and where one is; undefined at the end. */
export function step(
  history: readonly string[],
  walk: Walk,
  direction: -1 | 1,
): { text: string; walk: Walk } | undefined {
  const place = walk.place + direction;
  if (place < 0 || place > history.length) return undefined;
  return { text: history[place] ?? walk.typed, walk: { ...walk, place } };
}
