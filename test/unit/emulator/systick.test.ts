import { beforeEach, describe, expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import type { Core } from '../../../src/emulator/thumb/core';
import { placeProgram } from './exception-program';

const csr = 0xe000e010;
const rvr = 0xe000e014;
const cvr = 0xe000e018;

let machine: Machine;
let core: Core;

/** A core that does one thing over and over, and counts the interrupts of SysTick in r7. */
function prepare(number: 0 | 1, code: readonly number[]): void {
  machine = new Machine([], { onOutput: () => undefined, onEvent: () => undefined });
  // adds r7, #1; bx lr
  core = placeProgram(machine, number, code, [0x3701, 0x4770]);
}

function start(reload: number, control: number): void {
  core.bus.store32(rvr, reload);
  core.bus.store32(cvr, 0);
  core.bus.store32(csr, control);
}

const taken = (): number => core.get(7);
const hasCounted = (): boolean => (core.bus.load32(csr) & (1 << 16)) !== 0;

describe.each([0, 1] as const)('SysTick of core %i', (number) => {
  // b .
  beforeEach(() => prepare(number, [0xe7fe]));

  test('has a period of RVR + 1, and begins with a whole one', () => {
    start(999, 7);
    machine.run(999);
    expect(taken()).toBe(0);
    machine.run(1_000_000 - 500);
    expect(taken()).toBe(1000);
  });

  test('does not drift when instructions are late to be interrupted', () => {
    // loop: push {r0-r5}; pop {r0-r5}; b loop
    prepare(number, [0xb43f, 0xbc3f, 0xe7fc]);
    start(100, 7);
    machine.run(101 * 2000 + 50);
    expect(taken()).toBe(2000);
  });

  test('counts down to zero, and from RVR again', () => {
    start(9, 5);
    const { clock } = machine;
    const seen = Array.from({ length: 24 }, () => {
      const value = core.bus.load32(cvr);
      clock.cycles++;
      return value;
    });
    expect(seen).toEqual([0, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 9, 8, 7]);
  });

  test('reports once that it has reached zero', () => {
    start(99, 5);
    machine.clock.cycles += 99;
    expect(hasCounted()).toBe(false);
    machine.clock.cycles += 1;
    expect([hasCounted(), hasCounted()]).toEqual([true, false]);
    machine.clock.cycles += 100;
    core.bus.store32(cvr, 7);
    expect([hasCounted(), core.bus.load32(cvr)]).toEqual([false, 0]);
    expect(taken()).toBe(0);
  });

  test('stops at zero when RVR is zero', () => {
    start(50, 7);
    machine.clock.cycles += 10;
    core.bus.store32(rvr, 0);
    machine.run(1000);
    expect([taken(), core.bus.load32(cvr), machine.clock.nextDue]).toEqual([1, 0, Infinity]);
  });

  test('keeps its value while it does not count', () => {
    start(999, 5);
    machine.clock.cycles += 101;
    core.bus.store32(csr, 4);
    machine.clock.cycles += 5000;
    expect(core.bus.load32(cvr)).toBe(899);
    core.bus.store32(csr, 5);
    machine.clock.cycles += 9;
    expect(core.bus.load32(cvr)).toBe(890);
  });

  test('counts microseconds when it does not use the clock of the processor', () => {
    machine.clock.frequency = 133e6;
    start(99, 3);
    machine.run(133 * 100 * 50 + 1000);
    expect(taken()).toBe(50);
  });

  test('keeps to cycles when the clock of the chip changes', () => {
    start(999, 7);
    machine.run(500);
    machine.clock.frequency = 48e6;
    machine.run(1000 * 20);
    expect(taken()).toBe(20);
  });

  test('ends with a reset of its core', () => {
    if (number === 0) return;
    start(99, 7);
    machine.chip.writeUint32(0x40010004, 1 << 16);
    expect(machine.clock.nextDue).toBe(Infinity);
    machine.chip.writeUint32(0x40010004, 0);
    expect(core.bus.load32(csr)).toBe(0);
  });
});
