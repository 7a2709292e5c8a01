/**
 * How slowly AdamW's means of the gradients and of their squares move. The second is lower than the
 * usual 0.999: runs here are short, and a thousand steps of memory would be most of one.
 */
export const adamwBetas: readonly [first: number, second: number] = [0.9, 0.99];
