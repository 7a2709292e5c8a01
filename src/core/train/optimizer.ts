import type { Optimizer } from '../model/options';

/**
 * Decay rates of AdamW's means of the gradients and of their squares. The second is lower than the
 * usual 0.999: runs here are short, and a memory of a thousand steps would be most of one.
 */
export const adamwBetas: readonly [first: number, second: number] = [0.9, 0.99];

/**
 * Learning rate of n-gram tables, as a multiple of that of the rest: tables move as fast whichever
 * optimiser has the matrices, whose rates differ. ARCHITECTURE.md has the measurement.
 */
export const ngramRate: Readonly<Record<Optimizer, number>> = { muon: 2, adamw: 13 };
