import { expect, test } from 'vitest';
import { LockStep, randomLockStep } from '../../support/lock-step';
import { halfwords } from './assemble';
import { numbersFrom } from '../board/random';

/** Each runs some 50 pieces; `node test/bench/run.mjs lock-step` runs them by the million. */
const seeds = Array.from({ length: 12 }, (_, seed) => seed + 1);

test.each(seeds)('random programs on two cores, seed %i: translated as interpreted', (seed) => {
  const random = numbersFrom(seed * 7919);
  const lockStep = randomLockStep(random);
  for (let piece = 0; piece < 50 && !lockStep.ended; piece++) {
    const [translating, interpreting] = lockStep.run(1 + random(8000));
    expect(translating).toEqual(interpreting);
  }
  expect(lockStep.translating.blocks?.translations.blocks).toBeGreaterThan(10);
  expect(lockStep.events.translating).toEqual([]);
});

/** A program in SRAM, at 0x20001000. */
function programInSram(registers: Record<number, number>, ...program: number[]): LockStep {
  const lockStep = new LockStep([]);
  lockStep.forBoth(({ chip, cores: [core] }) => {
    chip.sram.set(halfwords(...program), 0x1000);
    core.reset();
    for (const [register, value] of Object.entries(registers)) core.registers[+register] = value;
    core.SP = 0x20003000;
    core.PC = 0x20001000;
  });
  return lockStep;
}

/** Translations by the end of a run in pieces, in each of which both do the same. */
function translationsOf(lockStep: LockStep): number {
  for (let piece = 0; piece < 30; piece++) {
    const [translating, interpreting] = lockStep.run(10_007);
    expect(translating).toEqual(interpreting);
  }
  expect(lockStep.events.translating).toEqual([]);
  return lockStep.translating.blocks?.translations.regions ?? 0;
}

test('code stays translated while a variable beside it changes', () => {
  const lockStep = programInSram(
    { 0: 0x2000100c },
    0x2164, // outer: movs r1, #100
    0x3901, // inner: subs r1, #1
    0xd1fd, // bne inner
    0x6001, // str r1, [r0]: the word behind the program
    0x3201, // adds r2, #1
    0xe7f9, // b outer
  );
  expect(translationsOf(lockStep)).toBeLessThan(10);
});

test('code that changes itself is translated again', () => {
  const lockStep = programInSram(
    { 0: 0x20001000, 1: 100, 2: 0x3301, 4: 0x3301 ^ 0x3302 },
    0x3301, // outer: adds r3, #1, or #2
    0x3901, // subs r1, #1
    0xd1fc, // bne outer
    0x2164, // movs r1, #100
    0x4062, // eors r2, r4
    0x8002, // strh r2, [r0]
    0xe7f8, // b outer
  );
  expect(translationsOf(lockStep)).toBeGreaterThan(100);
});

test('untranslatable code is translated after it was replaced', () => {
  const lockStep = programInSram(
    {},
    0xbf40, // loop: sev
    0xe7fd, // b loop
  );
  const atLoop = () => lockStep.translating.blocks?.isReady(0x20001000, true);
  translationsOf(lockStep);
  expect(atLoop()).toBe(false);
  lockStep.forBoth((machine) => {
    // loop: adds r3, #1
    machine.debug.poke(0x20001000, 0x01);
    machine.debug.poke(0x20001001, 0x33);
  });
  translationsOf(lockStep);
  expect(atLoop()).toBe(true);
});

test('code that DMA replaces is translated again', () => {
  const lockStep = programInSram(
    {},
    0x3301, // loop: adds r3, #1
    0xe7fd, // b loop
  );
  const before = translationsOf(lockStep);
  // loop: adds r4, #1; as the DMA of rp2040js writes it
  lockStep.forBoth(({ chip }) => chip.writeUint16(0x20001000, 0x3401));
  expect(translationsOf(lockStep)).toBeGreaterThan(before);
});
