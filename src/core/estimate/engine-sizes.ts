/** Sizes of the engine by which both its memory and its cycles are counted. */

/** Positions of a tile of keys: SM_KEY_TILE of firmware/engine/attention_kernel.h. */
export const keyTile = 8;

/** Columns of a prepared vector that share sums, and at which cores divide it: SM_KERNEL_COLUMNS. */
export const blockColumns = 32;

export const roundUp = (value: number, multiple: number): number =>
  Math.ceil(value / multiple) * multiple;
