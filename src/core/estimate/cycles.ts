import { flashCache } from '../chip';
import { sectionBytes } from '../export/layout';
import type { ModelConfig } from '../model/config';
import calibration from './calibration.json';
import { ngramCycles } from './ngram-cost';
import { streamCost } from './stream-cost';
import { partsOfToken, workPerToken, type Work } from './work';

/** Cycles of each kind of work, fitted to measurements on the virtual Pico with so many cores. */
const cyclesPer: Record<1 | 2, Work> = {
  1: calibration.cycles.one_core,
  2: calibration.cycles.two_cores,
};

/**
 * Cycles that a token waits for weights in flash: once for each word, since reading a whole
 * sequence over and over evicts each word from the smaller cache before its next use.
 */
export function flashWaits(config: ModelConfig): number {
  if (config.target.weights !== 'flash') return 0;
  const bytes = sectionBytes(config, 'weights');
  return bytes > flashCache.bytes
    ? Math.ceil(bytes / flashCache.fetchBytes) * flashCache.missCycles
    : 0;
}

/** Cycles of each part of one token at a context length. */
export function cyclesPerToken(config: ModelConfig, context: number) {
  const work = workPerToken(config, context);
  const per = cyclesPer[config.target.cores];
  const cost = (kinds: readonly (keyof Work)[]) =>
    kinds.reduce((sum, kind) => sum + work[kind] * per[kind], 0);
  const parts = {
    matrices: cost(partsOfToken.matrices),
    attention: cost(partsOfToken.attention),
    feed_forward: cost(partsOfToken.feed_forward),
    norms: cost(partsOfToken.norms),
    sampling: cost(partsOfToken.sampling),
    tables: ngramCycles(config),
    flash_waits: 0,
  };
  parts.flash_waits = flashWaits(config) + (streamCost(config)?.waits(parts.matrices) ?? 0);
  const total = Object.values(parts).reduce((sum, cycles) => sum + cycles, 0);
  return { parts, total };
}
