/** Repeatable whole numbers below a bound (xorshift32), for property tests. */
export function numbersFrom(seed: number): (bound: number) => number {
  let state = seed || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}
