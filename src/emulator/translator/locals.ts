/** Parameters of a region's function, by their numbers; see `RegionWriter`. */
export const parameter = { core: 0, block: 1, arrived: 2, stop: 3, limit: 4 } as const;

/** Locals of a region's function beside them. */
export const local = {
  /** Registers 0 to 14. */
  registers: 5,
  negative: 20,
  zero: 21,
  carry: 22,
  overflow: 23,
  cycles: 24,
  sramAccesses: 25,
  flashAccesses: 26,
  /** When the region is left: the program counter, and where execution goes on without a branch. */
  target: 27,
  sequential: 28,
  /** From these cycles on, any block of the region could exceed the limit. */
  late: 29,
  /** From here on: values of instructions. */
  temporaries: 30,
} as const;

/** Functions that regions import, in the order of their index. */
export const imported = {
  touch: 0,
  loadWord: 1,
  loadHalf: 2,
  loadByte: 3,
  loadSignedHalf: 4,
  loadSignedByte: 5,
  storeWord: 6,
  loadOwn: 7,
} as const;
