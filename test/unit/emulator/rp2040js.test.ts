import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RP2040 } from 'rp2040js';
import { expect, it } from 'vitest';
import { checkParts, rp2040jsVersion, timerOf } from '../../../src/emulator/rp2040js';
import { packageRoot } from '../../../src/node/assets';

it('the emulator is made for the pinned version', () => {
  const { dependencies } = JSON.parse(
    readFileSync(join(packageRoot(), 'package.json'), 'utf8'),
  ) as { dependencies: Record<string, string> };
  expect(dependencies.rp2040js).toBe(rp2040jsVersion);
});

it('a chip that lacks private parts is refused, by their names and the version', () => {
  const chip = new RP2040();
  expect(() => checkParts(chip)).not.toThrow();
  Object.assign(timerOf(chip), { alarms: undefined });
  Object.assign(chip.core, { exceptionEntry: undefined });
  expect(() => checkParts(chip)).toThrow(
    `The emulator is made for rp2040js ${rp2040jsVersion}; this one is another: it lacks ` +
      'the alarms of the timer, exceptions of the core. Install that version.',
  );
});
