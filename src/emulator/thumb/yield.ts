/**
 * A core may yield to the other only where it has branched, or at an address that is a multiple of
 * this: no straight-line code is longer.
 */
export const yieldBytes = 128;
