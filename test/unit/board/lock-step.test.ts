import { expect, test } from 'vitest';
import { randomLockStep } from '../../support/lock-step';
import { numbersFrom } from './random';

/** Each runs some 50 pieces; `node test/bench/run.mjs lock-step` runs them by the million. */
const seeds = Array.from({ length: 12 }, (_, seed) => seed + 1);

test.each(seeds)('random programs on two cores, seed %i: translated as interpreted', (seed) => {
  const random = numbersFrom(seed * 7919);
  const lockStep = randomLockStep(random);
  for (let piece = 0; piece < 50 && !lockStep.ended; piece++) {
    const [translating, interpreting] = lockStep.run(1 + random(8000));
    expect(translating).toEqual(interpreting);
  }
  expect(lockStep.translating.blocks?.translations).toBeGreaterThan(10);
  expect(lockStep.events.translating).toEqual([]);
});
