import { cyclesAt, type BenchReport } from '../../src/core/bench/report';

/** The share of its speed that a model loses by a change. */
export function speedLost(cyclesBefore: number, cyclesAfter: number): number {
  return 1 - cyclesBefore / cyclesAfter;
}

/** Cycles of a whole text from an empty context, without sampling. */
export interface Caching {
  tokens: number;
  cached: number;
  /** Where no keys and values are kept, and every token runs all positions before it again. */
  repeated: number;
}

/**
 * What a text of so many tokens takes with cached keys and values, and without. Positions that run
 * again need no logits: they take a forward pass without the classifier.
 */
export function withoutCache(
  { by_context, kernels }: Pick<BenchReport, 'by_context' | 'kernels'>,
  tokens: number,
): Caching {
  const classifier = kernels.find(({ name }) => name === 'classifier');
  const logits = classifier ? classifier.cycles_per_mac * classifier.rows * classifier.cols : 0;
  const caching: Caching = { tokens, cached: 0, repeated: 0 };
  /** Of all positions before the present one, without their logits. */
  let before = 0;
  for (let context = 1; context <= tokens; context++) {
    const cycles = cyclesAt(by_context, context) ?? NaN;
    caching.cached += cycles;
    caching.repeated += before + cycles;
    before += cycles - logits;
  }
  return { ...caching, cached: Math.round(caching.cached), repeated: Math.round(caching.repeated) };
}
