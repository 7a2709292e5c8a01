import { describe, expect, it } from 'vitest';
import { speedLost, withoutCache } from '../../support/study-factors';

describe('the factors of speed', () => {
  it('half the speed is lost where a token takes twice the cycles', () => {
    expect(speedLost(100, 200)).toBe(0.5);
    expect(speedLost(100, 100)).toBe(0);
  });
});

describe('a text without cached keys and values', () => {
  /** 100 cycles, 10 more a position, 32 of them for the logits. */
  const report = {
    by_context: [
      { context: 1, cycles: 100 },
      { context: 3, cycles: 120 },
    ],
    kernels: [{ name: 'classifier', rows: 4, cols: 4, cycles_per_mac: 2 }],
  };

  it('runs the positions before each token again, but for their logits', () => {
    // 100; 110 and again 68; 120 and again 68 and 78.
    const expected = { tokens: 3, cached: 330, repeated: 100 + 178 + 266 };
    expect(withoutCache(report, 3)).toEqual(expected);
  });

  it('takes as long for one token', () => {
    expect(withoutCache(report, 1)).toEqual({ tokens: 1, cached: 100, repeated: 100 });
  });
});
