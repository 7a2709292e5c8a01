import { expect, it } from 'vitest';
import { clockSteps, flashClock } from '../../../src/core/chip';
import {
  certifiedMhz,
  coreVolts,
  isClockPossible,
  isOverclock,
  nearestClock,
} from '../../../src/core/model/clock';
import schema from '../../../src/core/model/model.schema.json';
import { parseModel } from '../../../src/core/model/parse';

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

it('has a core voltage for every clock of the schema, and a flash that can follow', () => {
  const { minimum, maximum } = schema.properties.target.properties.clock_mhz;
  const limits = clockSteps.map(({ upToMhz }) => upToMhz);
  expect(limits).toEqual([...limits].sort((a, b) => a - b));
  expect(limits.at(-1)).toBe(maximum);
  expect(maximum * 1e6).toBeLessThanOrEqual(flashClock.mostHertz * flashClock.divider);
  expect([minimum, 133, 134, 200, 201, 250, 266].map(coreVolts)).toEqual([
    '1.10',
    '1.10',
    '1.15',
    '1.15',
    '1.20',
    '1.20',
    '1.25',
  ]);
  expect(certifiedMhz).toBe(200);
  expect([200, 201].map(isOverclock)).toEqual([false, true]);
});

it('warns of clocks past the certification of the chip', () => {
  const shape = { vocab_size: 258, dim: 32, hidden_dim: 64, n_layers: 1, n_heads: 4 };
  const model = (clock_mhz: number) =>
    JSON.stringify({
      version: 1,
      architecture: { ...shape, max_seq_len: 64 },
      target: { clock_mhz },
    });
  const problemsAt = (clock: number) =>
    parseModel(model(clock), 'm').problems.map(({ code, message }) => `${code}: ${message}`);
  expect(problemsAt(200)).toEqual([]);
  expect(problemsAt(250)).toEqual([
    expect.stringMatching(/^target\.overclock: 250 MHz is past the 200 MHz .*1\.20 V/),
  ]);
});
