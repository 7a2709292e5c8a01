import { flashCache } from '../chip';
import type { ModelConfig } from '../model/config';
import { strideOf, tensorFormats } from '../model/formats';
import { ngramFormat } from '../model/ngram';

/**
 * Cycles of firmware/engine/ngram.c, emulated, fitted to models with rows of 8, 32 and 64 elements:
 * of a table's row, of its elements by their bits, of those that are added to their target, and of
 * those of a residual stream, which is measured anew. Waits for flash come on top.
 */
const cyclesPer = { row: 337, element: { 4: 13.3, 8: 21.2 }, added: 12, measured: 12 } as const;

/**
 * Cycles of the rows that a token reads from the tables of n-grams: they are anywhere in flash, so
 * that each word of a row, and its scale, is a miss of the cache.
 */
export function ngramCycles({ architecture }: ModelConfig): number {
  const { ngram_tables: tables } = architecture;
  if (!tables) return 0;
  const { orders, layers, width, bits, into } = tables;
  const format = ngramFormat(tables);
  const { scaleBytes } = tensorFormats[format];
  const misses = Math.ceil(strideOf(format, width) / flashCache.fetchBytes) + scaleBytes;
  const row = cyclesPer.row + misses * flashCache.missCycles + width * cyclesPer.element[bits];
  const measured = into === 'residual' ? architecture.dim * cyclesPer.measured : 0;
  return layers.length * (orders.length * row + width * cyclesPer.added + measured);
}
