import { expect, it } from 'vitest';
import { withDefaults } from '../../../src/core/model/defaults';
import { findPreset } from '../../../src/core/model/presets';
import type { Speech } from '../../../src/core/monitor/speech';
import { withLimits } from '../../../src/core/monitor/speech-limits';
import type { DoneRecord, HelloRecord } from '../../../src/core/wire/device-records';

const hello = { record: 'hello', clock_mhz: 200 } as HelloRecord;
const config = withDefaults(findPreset('demo')!.file, 'demo');

/** 10 tokens of 150,000 cycles in the time of 2 million. */
const done = {
  ...{ record: 'done', tokens: 10, reason: 'token-limit', microseconds: 10_000 },
  cycles_per_token: 150_000,
} as DoneRecord;

const speech: Speech = [
  { number: 0, tokens: [], rest: '', done },
  { number: 1, tokens: [], rest: '' },
];

it('adds what limited the speed to a generation that has ended', () => {
  const [ended, open] = withLimits(speech, hello, config);
  expect(ended?.limits?.usb).toBeCloseTo(0.25, 12);
  expect(ended?.limits?.matrices).toBeGreaterThan(0.2);
  expect(open).toBe(speech[1]);
});

it('knows only what sending takes where the model is unknown', () => {
  expect(withLimits(speech, hello, undefined)[0]?.limits).toEqual({ usb: 0.25 });
});

it('leaves what it has said, and what it cannot know', () => {
  expect(withLimits(speech, undefined, config)).toBe(speech);
  const told = withLimits(speech, hello, config);
  expect(withLimits(told, hello, undefined)).toBe(told);
});
