import { beforeEach, describe, expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import type { MachineEvent } from '../../../src/emulator/machine-event';
import type { Core } from '../../../src/emulator/thumb/core';
import { flashWith, halfwords } from './assemble';
import { placeProgram } from './exception-program';

const icsr = 0xe000ed04;
const aircr = 0xe000ed0c;
const scr = 0xe000ed10;
const resetRequest = 0x05fa0004;

let machine: Machine;
let core: Core;
let events: MachineEvent[];

/** A core that executes a program in SRAM, and a handler for all exceptions. */
function prepare(number: 0 | 1, code: readonly number[], inHandler: readonly number[]): void {
  events = [];
  machine = new Machine(
    // b .
    flashWith(halfwords(0xe7fe)),
    { onOutput: () => undefined, onEvent: (event) => events.push(event) },
  );
  core = placeProgram(machine, number, code, inHandler);
}

const sleepTwice = [0xbf20, 0x3601, 0xe7fc]; // loop: wfe; adds r6, #1; b loop
const count = [0x3701, 0x4770]; // adds r7, #1; bx lr

describe.each([0, 1] as const)('registers of core %i', (number) => {
  beforeEach(() => prepare(number, [0xe7fe], count));

  test.each([
    ['CPUID', 0xe000ed00, 0x410cc601],
    ['AIRCR', aircr, 0xfa050000],
    ['SCR', scr, 0],
    ['CCR', 0xe000ed14, 0x208],
    ['SHCSR', 0xe000ed24, 0],
    ['MPU_TYPE', 0xe000ed90, 0],
    ['SYST_CALIB', 0xe000e01c, 9999],
  ])('%s', (_, address, value) => {
    expect(core.bus.load32(address) >>> 0).toBe(value);
  });

  test('keep only the bits that they implement', () => {
    for (const [address, value] of [
      [scr, 0x16],
      [0xe000ed08, 0xffffff00],
      [0xe000ed1c, 0xc0000000],
      [0xe000ed20, 0xc0c00000],
    ] as const) {
      core.bus.store32(address, 0xffffffff);
      expect(core.bus.load32(address) >>> 0).toBe(value);
    }
  });

  test('ICSR shows pending and running exceptions', () => {
    core.PM = true;
    core.bus.store32(icsr, (1 << 28) | (1 << 26));
    expect(core.bus.load32(icsr) >>> 0).toBe((1 << 28) | (1 << 26) | (14 << 12));
    core.bus.store32(icsr, (1 << 27) | (1 << 25));
    expect(core.bus.load32(icsr)).toBe(0);
    // An interrupt that is not enabled is not the next one.
    machine.chip.setInterrupt(3, true);
    expect(core.bus.load32(icsr)).toBe(1 << 22);
    core.PM = false;
    core.bus.store32(0xe000e100, 1 << 3);
    core.checkForInterrupts();
    expect(core.bus.load32(icsr)).toBe(19);
  });

  test('AIRCR resets the chip only with its key', () => {
    machine.chip.writeUint32(0x4005800c, 0x1234);
    core.bus.store32(aircr, 0x05fb0004);
    machine.run(100);
    expect(events).toEqual([]);
    core.bus.store32(aircr, resetRequest);
    machine.run(20_000);
    expect(events).toEqual([{ kind: 'reset', by: 'program' }]);
    expect(machine.cores[0].PC).toBe(0x10000100);
    expect(machine.cores[1].held).toBe(false);
    // The watchdog keeps its memory, and had no reason to act.
    expect(machine.chip.readUint32(0x4005800c)).toBe(0x1234);
    expect(machine.chip.readUint32(0x40058008)).toBe(0);
  });
});

describe.each([0, 1] as const)('sleep of core %i', (number) => {
  test('ends with an interrupt that becomes pending, where SCR asks for that', () => {
    const passes = (): number => core.get(6);
    for (const asks of [false, true]) {
      prepare(number, sleepTwice, count);
      core.registers[6] = 0;
      core.bus.store32(scr, asks ? 0x10 : 0);
      machine.run(1000);
      const before = passes();
      // The interrupt is pending but not enabled.
      machine.chip.setInterrupt(3, true);
      machine.run(1000);
      expect(passes() - before).toBe(asks ? 1 : 0);
    }
  });

  test('begins when the last handler ends, where SCR asks for that', () => {
    // loop: adds r6, #1; b loop
    prepare(number, [0x3601, 0xe7fd], count);
    core.bus.store32(scr, 2);
    machine.run(1000);
    core.bus.store32(icsr, 1 << 28);
    machine.run(1000);
    expect([core.get(7), core.waiting]).toEqual([1, true]);
    const passes = core.get(6);
    core.bus.store32(icsr, 1 << 28);
    machine.run(1000);
    expect([core.get(7), core.get(6)]).toEqual([2, passes]);
  });
});
