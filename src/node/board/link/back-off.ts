/**
 * Milliseconds to wait after the first failed look, the second and so on; the last value holds for
 * all that follow.
 */
export interface BackOff {
  /** For a board that is absent until it is plugged in or has started. */
  searching: readonly number[];
  /** For a port that cannot be opened: another program has it, or the user lacks permission. */
  failed: readonly number[];
}

export const usualBackOff: BackOff = {
  searching: [100, 200, 500, 1000],
  failed: [1000, 2000, 5000],
};

/** The wait after `looks` failed looks, at least one. */
export function waitAfter(looks: number, waits: readonly number[]): number {
  return waits[Math.min(looks, waits.length) - 1] ?? 0;
}
