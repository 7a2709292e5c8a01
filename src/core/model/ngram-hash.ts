/** Most tokens that pick a row. */
export const longestNgram = 4;

/**
 * Row in [0, 2 ** rowBits) of the table of a layer and an order, for the last `order` tokens, the
 * newest first: `sm_ngram_row` of firmware/engine/ngram_hash.h.
 */
export function ngramRow(
  layer: number,
  order: number,
  recent: ArrayLike<number>,
  rowBits: number,
): number {
  let hash = Math.imul(8 * layer + order, 0x9e3779b1);
  for (let i = 0; i < order; i++) {
    hash = Math.imul(hash ^ (recent[i] ?? 0), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash, 0xc2b2ae35) >>> (32 - rowBits);
}

/**
 * The last `order` tokens at a position of a window, the newest first. Before the beginning, the
 * first token counts: where a text begins, that is the end of text which stands before it.
 */
export function recentTokens(tokens: ArrayLike<number>, position: number, order: number): number[] {
  return Array.from({ length: order }, (_, back) => tokens[Math.max(0, position - back)] ?? 0);
}
