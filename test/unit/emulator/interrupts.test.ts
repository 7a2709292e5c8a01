import { beforeEach, describe, expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import type { Core } from '../../../src/emulator/thumb/core';
import { halfwords } from './assemble';

const program = 0x20001000;
const handler = 0x20001100;
const vectors = 0x20002000;
const nvic = { enable: 0xe000e100, setPending: 0xe000e200, clearPending: 0xe000e280 } as const;
const irq = 2;
const bit = 1 << irq;

let machine: Machine;
let core: Core;

/** A core whose handler of the interrupt counts in r7; the program is `b .`. */
function prepare(number: 0 | 1): void {
  machine = new Machine([], { onOutput: () => undefined, onEvent: () => undefined });
  core = machine.cores[number];
  machine.chip.sram.set(halfwords(0xe7fe), 0x1000);
  // adds r7, #1; bx lr
  machine.chip.sram.set(halfwords(0x3701, 0x4770), 0x1100);
  core.reset();
  core.VTOR = vectors;
  core.bus.store32(vectors + 4 * (16 + irq), handler | 1);
  core.bus.store32(nvic.enable, bit);
  core.SP = 0x20003000;
  core.PC = program;
  core.registers[7] = 0;
  machine.cores[1 - number]!.held = true;
}

const taken = (): number => core.get(7);

describe.each([0, 1] as const)('interrupts of core %i', (number) => {
  beforeEach(() => prepare(number));

  test('one that the program makes pending is taken once', () => {
    core.bus.store32(nvic.setPending, bit);
    machine.run(1000);
    expect(taken()).toBe(1);
    expect(core.bus.load32(nvic.setPending)).toBe(0);
  });

  test('one that the program makes pending can be cleared', () => {
    core.PM = true;
    core.bus.store32(nvic.setPending, bit);
    expect(core.bus.load32(nvic.clearPending)).toBe(bit);
    core.bus.store32(nvic.clearPending, bit);
    expect(core.bus.load32(nvic.setPending)).toBe(0);
    core.PM = false;
    machine.run(1000);
    expect(taken()).toBe(0);
  });

  test('a device that keeps requesting interrupts again after each return', () => {
    machine.chip.setInterrupt(irq, true);
    machine.run(1000);
    expect(taken()).toBeGreaterThan(10);
    machine.chip.setInterrupt(irq, false);
    machine.run(100);
    const before = taken();
    machine.run(1000);
    expect(taken()).toBe(before);
  });

  test('a device that keeps requesting stays pending when it is cleared', () => {
    core.PM = true;
    machine.chip.setInterrupt(irq, true);
    core.bus.store32(nvic.clearPending, bit);
    expect(core.bus.load32(nvic.setPending)).toBe(bit);
  });

  test('a request that had to wait is taken', () => {
    core.PM = true;
    machine.chip.setInterrupt(irq, true);
    machine.chip.setInterrupt(irq, false);
    expect(core.bus.load32(nvic.setPending)).toBe(bit);
    core.PM = false;
    machine.run(1000);
    expect(taken()).toBe(1);
  });

  test('a request during its own handler is taken again', () => {
    machine.chip.setInterrupt(irq, true);
    core.checkForInterrupts();
    machine.chip.setInterrupt(irq, false);
    machine.chip.setInterrupt(irq, true);
    machine.chip.setInterrupt(irq, false);
    machine.run(1000);
    expect(taken()).toBe(2);
  });

  test('each has its priority', () => {
    core.bus.store32(0xe000e404, 0xc0804000 | 0);
    expect(core.bus.load32(0xe000e404)).toBe(0xc0804000 | 0);
    expect([4, 5, 6, 7].map((other) => core.exceptionPriority(16 + other))).toEqual([0, 1, 2, 3]);
    expect(core.bus.load32(0xe000e400)).toBe(0);
  });
});
