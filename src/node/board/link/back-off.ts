/**
 * Milliseconds to wait before looking again, after the first look in vain, the second and so on; the
 * last holds for all that follow.
 */
export interface BackOff {
  /** For a board that is not there: it comes when it is plugged in or has started. */
  searching: readonly number[];
  /** For one that cannot be had: another program has it, or it is not for this user. */
  failed: readonly number[];
}

export const usualBackOff: BackOff = {
  searching: [100, 200, 500, 1000],
  failed: [1000, 2000, 5000],
};

/** The wait after `looks` in vain, of which there was one at least. */
export function waitAfter(looks: number, waits: readonly number[]): number {
  return waits[Math.min(looks, waits.length) - 1] ?? 0;
}
