import { expect, it } from 'vitest';
import { isClockPossible, nearestClock } from '../../../src/core/model/clock';

it('finds the nearest clock that the PLL can make', () => {
  expect(nearestClock(125)).toBe(125);
  expect(nearestClock(139)).toBe(138);
  for (let mhz = 48; mhz <= 266; mhz++) expect(isClockPossible(nearestClock(mhz))).toBe(true);
});

// The search once went on for ever, and the language server hung.
it.each([NaN, Infinity, -Infinity, 1e308, -1, 0, undefined as unknown as number])(
  'ends for %s',
  (mhz) => expect(isClockPossible(nearestClock(mhz))).toBe(true),
);
