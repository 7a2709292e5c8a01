import { beforeEach, describe, expect, test } from 'vitest';
import { Machine, type Stop } from '../../../src/node/board/virtual/machine';
import type { MachineEvent } from '../../../src/node/board/virtual/machine-event';
import { halfwords } from './assemble';

const program = 0x20001000;
const handler = 0x20001100;
const vectors = 0x20002000;
const stack = 0x20003000;

let machine: Machine;
let events: MachineEvent[];

/** A core whose vectors all lead to a handler; the other one is held in reset. */
function prepare(number: 0 | 1, code: readonly number[], inHandler: readonly number[] = []): void {
  events = [];
  machine = new Machine([], {
    onOutput: () => undefined,
    onEvent: (event) => events.push(event),
  });
  const core = machine.cores[number];
  machine.chip.sram.set(halfwords(...code), program - 0x20000000);
  machine.chip.sram.set(halfwords(...inHandler), handler - 0x20000000);
  core.reset();
  core.VTOR = vectors;
  for (let exception = 2; exception < 48; exception++) {
    core.bus.store32(vectors + 4 * exception, handler | 1);
  }
  core.SP = stack;
  core.PC = program;
  machine.cores[1 - number]!.held = true;
}

describe('who is to blame', () => {
  test('a sleeping core for what goes wrong as it takes an interrupt', () => {
    // wfi
    prepare(1, [0xbf30]);
    const [, core] = machine.cores;
    core.SP = 0x1ffffff0;
    core.enabledInterrupts = 1;
    machine.run(100);
    expect(core.waiting).toBe(true);
    machine.chip.setInterrupt(0, true);
    machine.run(100);
    expect(events).toMatchObject([{ kind: 'fault', core: 1, address: program + 2 }]);
  });

  describe('a device for what goes wrong in its alarm', () => {
    beforeEach(() => {
      // b .
      prepare(0, [0xe7fe]);
      machine.clock
        .createAlarm(() => {
          throw new TypeError('a device of rp2040js');
        })
        .schedule(1000);
    });

    test('which ends the program', () => {
      machine.run(10_000);
      expect(events).toEqual([{ kind: 'device-fault', reason: 'a device of rp2040js' }]);
      expect(machine.ended).toBe(true);
    });

    test('which debuggers are told, and can leave behind', () => {
      const stops: Stop[] = [];
      machine.onStop = (stop) => stops.push(stop);
      machine.run(10_000);
      expect(stops).toEqual([{ core: 0, why: 'fault' }]);
      machine.run(10_000);
      expect(machine.cores[0].PC).toBe(program);
      expect([stops.length, events]).toEqual([1, []]);
    });
  });
});
