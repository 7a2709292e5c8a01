/** Uniform numbers in [0, 1). */
export type Random = () => number;

/** Scrambles a 32-bit integer so that neighbours become unrelated (MurmurHash3's finaliser). */
function scramble(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * A small seeded generator (SplitMix32). Several keys make one seed, so that step 7 of seed 1 has
 * numbers of its own without anything to remember between steps.
 */
export function seededRandom(...keys: readonly number[]): Random {
  let state = keys.reduce((seed, key) => scramble(seed ^ scramble(key + 0x9e3779b9)), 0);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return scramble(state) / 2 ** 32;
  };
}

/** Normally distributed numbers with mean 0 and variance 1 (Box and Muller). */
export function normalFrom(random: Random): Random {
  return () => {
    // 1 - u is in (0, 1]: its logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return radius * Math.cos(2 * Math.PI * random());
  };
}
