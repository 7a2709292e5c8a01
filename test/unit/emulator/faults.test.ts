import { beforeEach, describe, expect, test } from 'vitest';
import type { Stop } from '../../../src/emulator/faults';
import { Machine } from '../../../src/emulator/machine';
import type { MachineEvent } from '../../../src/emulator/machine-event';
import { handler, placeProgram, program, stack, vectors } from './exception-program';

let machine: Machine;
let events: MachineEvent[];

/** A core whose vectors all lead to a handler; the other one is held in reset. */
function prepare(number: 0 | 1, code: readonly number[], inHandler: readonly number[] = []): void {
  events = [];
  machine = new Machine([], {
    onOutput: () => undefined,
    onEvent: (event) => events.push(event),
  });
  placeProgram(machine, number, code, inHandler);
}

describe('a fault is blamed on', () => {
  test('a sleeping core, when it cannot take an interrupt', () => {
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

  describe('a device, when its alarm fails', () => {
    beforeEach(() => {
      // b .
      prepare(0, [0xe7fe]);
      machine.clock
        .createAlarm(() => {
          throw new TypeError('a device of rp2040js');
        })
        .schedule(1000);
    });

    test('and ends the program', () => {
      machine.run(10_000);
      expect(events).toEqual([{ kind: 'device-fault', reason: 'a device of rp2040js' }]);
      expect(machine.ended).toBe(true);
    });

    test('and is reported to a debugger, which can continue', () => {
      const stops: Stop[] = [];
      machine.debug.onStop = (stop) => stops.push(stop);
      machine.run(10_000);
      expect(stops).toEqual([{ core: 0, why: 'fault' }]);
      machine.run(10_000);
      expect(machine.cores[0].PC).toBe(program);
      expect([stops.length, events]).toEqual([1, []]);
    });
  });
});

const unaligned = [0x2101, 0x6808, 0x3501, 0xe7fe]; // movs r1, #1; ldr r0, [r1]; adds r5, #1; b .
const hardFault = (): number => machine.cores[0].IPSR;

describe('a HardFault', () => {
  test('goes to the handler of the program', () => {
    // adds r7, #1; b .
    prepare(0, unaligned, [0x3701, 0xe7fe]);
    machine.run(1000);
    const [core] = machine.cores;
    expect([core.get(7), hardFault(), machine.ended]).toEqual([1, 3, false]);
    // The instruction that faulted is where the handler would return to.
    expect(core.bus.load32(core.SP + 0x18)).toBe(program + 2);
    const reason = 'unaligned read of 4 bytes at 0x00000001';
    expect(events).toMatchObject([
      { kind: 'handled-fault', core: 0, address: program + 2, reason },
    ]);
  });

  test('is reported once, however often the program handles one', () => {
    // movs r1, #1; ldr r0, [r1]; adds r5, #1; b .-8, and a handler that returns behind the load:
    // ldr r0, [sp, #24]; adds r0, #2; str r0, [sp, #24]; bx lr
    prepare(0, [0x2101, 0x6808, 0x3501, 0xe7fb], [0x9806, 0x3002, 0x9006, 0x4770]);
    machine.cores[0].registers[5] = 0;
    machine.run(10_000);
    expect(machine.cores[0].get(5)).toBeGreaterThan(10);
    expect(events.map(({ kind }) => kind)).toEqual(['handled-fault']);
  });

  test.each([
    [
      'the handler that the pico-sdk puts there',
      [0xbe00],
      'unaligned read of 4 bytes at 0x00000001',
    ],
    ['a handler that ends in a breakpoint', [0x3701, 0xbe01], /^unaligned .*; then .*breakpoint 1/],
    ['a handler that faults itself', [0x3701, 0x6808], /^unaligned .*; then .*unaligned/],
  ])('ends the program with %s, at the first fault', (_, inHandler, reason) => {
    prepare(0, unaligned, inHandler);
    machine.run(1000);
    const end = events.at(-1);
    expect(end).toMatchObject({ kind: 'fault', core: 0, address: program + 2 });
    if (end?.kind !== 'fault') return;
    expect(end.reason).toMatch(reason);
    expect([end.registers[7], end.registers[13]]).toEqual([0, stack]);
  });

  test('ends the program when its stack cannot be used', () => {
    prepare(0, unaligned, [0xe7fe]);
    machine.cores[0].SP = 0x1ffffff0;
    machine.run(1000);
    expect(events).toMatchObject([{ kind: 'fault', address: program + 2 }]);
  });

  test('halts a debugger before the handler runs', () => {
    prepare(0, unaligned, [0xe7fe]);
    const stops: Stop[] = [];
    machine.debug.onStop = (stop) => stops.push(stop);
    machine.run(1000);
    expect([stops, events]).toEqual([[{ core: 0, why: 'fault' }], []]);
    expect([machine.cores[0].PC, hardFault()]).toEqual([program + 2, 0]);
  });
});

describe('further causes of a HardFault', () => {
  const svc = 0xdf05;
  const isFault = (reason: string): void => {
    machine.run(1000);
    expect(events[0]).toMatchObject({ reason: expect.stringContaining(reason) as string });
  };

  test('SVC while interrupts are masked', () => {
    // cpsid i
    prepare(0, [0xb672, svc], [0xbe00]);
    isFault('svc 5, which cannot be taken');
    expect(events[0]).toMatchObject({ kind: 'fault', address: program + 2 });
  });

  test('SVC in a handler of its own priority', () => {
    prepare(0, [svc], [svc]);
    isFault('svc 5, which cannot be taken');
    expect(events[0]).toMatchObject({ address: handler });
  });

  test('SVC that can be taken is no fault', () => {
    prepare(0, [svc], [0xe7fe]);
    machine.run(1000);
    expect([machine.cores[0].IPSR, events]).toEqual([11, []]);
  });

  test('a vector without the Thumb bit', () => {
    prepare(0, [svc], [0xbe00]);
    machine.cores[0].bus.store32(vectors + 4 * 11, 0x20001200);
    isFault('vector 11 is 0x20001200, which is not Thumb');
  });

  test.each([0xfffffff0, 0xfffffffe, 0xf0000009])('a return from an exception by %i', (value) => {
    // bx r4
    prepare(0, [svc], [0x4720]);
    machine.cores[0].registers[4] = value;
    isFault(`return from an exception by 0x${value.toString(16)}`);
  });
});

test('when a debugger continues after a fault, the program handles it', () => {
  // udf; in the handler: b .
  prepare(0, [0xde00], [0xe7fe]);
  const stops: Stop[] = [];
  machine.debug.onStop = (stop) => stops.push(stop);
  machine.run(1);
  expect(stops).toEqual([{ core: 0, why: 'fault' }]);
  const [core] = machine.cores;
  expect(core.PC).toBe(program);
  machine.debug.takeFault();
  machine.run(100);
  expect(stops).toHaveLength(1);
  expect(core.PC).toBe(handler);
  expect(core.IPSR).toBe(3);
});
