/** What is stored in `cacheBypass` while the cache is switched off. */
export const bypass = 2;

/** Sets of the cache, and how an address names one. */
export const setMask = 1023;
export const lineBits = 3;
export const tagShift = 13;

/**
 * Where the cache looks for an offset in the flash: in which set, and for an entry that has what value
 * in which bits. An entry is the line's tag, shifted by two, and a bit for each half that is there.
 */
export function cachePlace(offset: number): { set: number; wanted: number; mask: number } {
  const half = 1 << ((offset >>> 2) & 1);
  const set = (offset >>> lineBits) & setMask;
  return { set, wanted: ((offset >>> tagShift) << 2) | half, mask: ~(3 ^ half) };
}
