import type { SpokenToken } from './speech';

/** Number of shades for latencies. */
export const latencySteps = 5;

/** The latencies of a generation's tokens relative to each other. */
export interface LatencyScale {
  /** Microseconds of the quickest and of the slowest; undefined where they hardly differ. */
  range: { least: number; most: number } | undefined;
  /** From 0 for the quickest tokens to latencySteps - 1 for the slowest. */
  stepOf(token: SpokenToken): number;
}

/** Smaller differences, as a share, do not matter to the user. */
const smallestRange = 0.05;

/**
 * The scale of a generation. It ignores one token in twenty at either end, which would set it
 * alone.
 */
export function latencyScale(tokens: readonly SpokenToken[]): LatencyScale {
  const sorted = latencies(tokens).sort((a, b) => a - b);
  const least = sorted[Math.floor(0.05 * sorted.length)] ?? 0;
  const most = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0;
  if (most - least < smallestRange * most || most === 0) {
    return { range: undefined, stepOf: () => 0 };
  }
  return {
    range: { least, most },
    stepOf({ index, latency }) {
      if (latency === undefined || index === 0) return 0;
      const step = Math.floor((latencySteps * (latency - least)) / (most - least));
      return Math.min(latencySteps - 1, Math.max(0, step));
    },
  };
}

/** Tokens a second over the last tokens so far. */
export function recentSpeed(tokens: readonly SpokenToken[], count = 16): number {
  const recent = latencies(tokens.slice(-count));
  const microseconds = recent.reduce((sum, latency) => sum + latency, 0);
  return microseconds > 0 ? (recent.length * 1e6) / microseconds : 0;
}

/** Tokens a second, position by position. */
export function speeds(tokens: readonly SpokenToken[]): { positions: number[]; speeds: number[] } {
  const known = tokens.filter(({ index, latency }) => index > 0 && (latency ?? 0) > 0);
  return {
    positions: known.map(({ index }) => index),
    speeds: known.map(({ latency = 0 }) => 1e6 / latency),
  };
}

/** The known latencies, without that of the first token, which waits for the whole prompt. */
function latencies(tokens: readonly SpokenToken[]): number[] {
  return tokens.flatMap(({ index, latency }) =>
    latency === undefined || index === 0 ? [] : [latency],
  );
}
