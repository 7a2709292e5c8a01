/** A reproducible stream of choices. */
export class Random {
  private state: number;

  /** Streams of different (seed, index) have nothing in common. */
  constructor(seed: number, index: number) {
    this.state = scramble(scramble(seed | 0) ^ Math.imul(index + 1, 0x9e3779b1));
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    // Counter and scramble (splitmix32): every state gives a good number.
    this.state = (this.state + 0x9e3779b9) | 0;
    return Math.floor(((scramble(this.state) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

function scramble(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x21f0aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}
