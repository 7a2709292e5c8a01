import { expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import type { MachineEvent } from '../../../src/emulator/machine-event';
import { flashWith, halfwords } from './assemble';

const flashProgram = 0x10000100;
const counter = 0x20002000;

function machineOf(program: Uint8Array): { machine: Machine; events: MachineEvent[] } {
  const events: MachineEvent[] = [];
  const machine = new Machine(flashWith(program), {
    onOutput: () => undefined,
    onEvent: (event) => events.push(event),
  });
  return { machine, events };
}

/** Lets core 0 launch core 1 with a function in SRAM, as the boot ROM wants it: words by the FIFO. */
function launch(machine: Machine, entry: number): void {
  const { bus } = machine.cores[0];
  for (const word of [0, 0, 1, 0x20002800, 0x20004000, entry | 1]) {
    bus.store32(0xd0000054, word);
    machine.cores[0].onEvent();
    machine.run(2000);
    while (bus.load32(0xd0000050) & 1) bus.load32(0xd0000058);
  }
  machine.run(2000);
}

test('a function of core 1 that returns leaves the core asleep until the next launch', () => {
  // b .
  const { machine, events } = machineOf(halfwords(0xe7fe));
  machine.run(20_000);
  const entry = 0x20001000;
  machine.chip.sram.set(
    halfwords(
      0xb500, // push {lr}
      0xf000, // bl to the next but one: LR points into the function from here on
      0xf801,
      0xbd00, // pop {pc}
      0x4902, // ldr r1, =counter
      0x6808, // ldr r0, [r1]
      0x3001, // adds r0, #1
      0x6008, // str r0, [r1]
      0x4770, // bx lr
      0,
      ...[counter & 0xffff, counter >>> 16],
    ),
    entry - 0x20000000,
  );
  const rounds = () => machine.cores[0].bus.load32(counter);
  launch(machine, entry);
  expect(rounds()).toBe(1);
  expect(machine.cores[1].waiting).toBe(true);
  for (let event = 0; event < 3; event++) {
    // The effect of SEV.
    machine.cores[0].onEvent();
    machine.run(2000);
  }
  expect(rounds()).toBe(1);
  launch(machine, entry);
  expect(rounds()).toBe(2);
  expect(events).toEqual([]);
});

/** The end of the pico-sdk's `_exit` with this status: movs r0, #status; bkpt #0; b to it. */
function exitWith(status: number): Uint8Array {
  return halfwords(0x2000 | status, 0xbe00, 0xe7fd);
}

test('a program that returns from main stops its core alone, without a crash', () => {
  const { machine, events } = machineOf(exitWith(0));
  machine.run(100_000);
  expect(events).toEqual([{ kind: 'returned', core: 0 }]);
  expect(machine.ended).toBe(false);
  const [core] = machine.cores;
  expect([core.awake, core.PC]).toEqual([false, flashProgram + 2]);
  // Only devices have work left: an interrupt does not wake the core.
  machine.chip.setInterrupt(0, true);
  const { cycles } = machine.clock;
  machine.run(1_000_000);
  expect(machine.clock.cycles - cycles).toBeGreaterThanOrEqual(1_000_000);
  expect(core.PC).toBe(flashProgram + 2);
  machine.restart();
  machine.run(100_000);
  expect(events).toHaveLength(2);
});

test('a panic, which ends by the same breakpoint with another status, is a crash', () => {
  const { machine, events } = machineOf(exitWith(1));
  machine.run(100_000);
  expect(events).toMatchObject([{ kind: 'fault', core: 0, address: flashProgram + 2 }]);
  expect(machine.ended).toBe(true);
});

test('a machine at rest reports for how long, and executes nothing meanwhile', () => {
  // wfe; b to it
  const { machine } = machineOf(halfwords(0xbf20, 0xe7fd));
  machine.run(100_000);
  expect(machine.restsFor).toBe(Infinity);
  const alarmed: number[] = [];
  machine.clock.createAlarm(() => alarmed.push(machine.clock.cycles)).schedule(1e6);
  expect(machine.restsFor).toBe(125_000);
  const idle = machine.idleCycles;
  machine.run(1_000_000);
  expect(machine.idleCycles - idle).toBe(1_000_000);
  expect(alarmed).toHaveLength(1);
});

test('a program in SRAM runs where the boot ROM would start it; a reset goes back to flash', () => {
  // b .
  const { machine, events } = machineOf(halfwords(0xe7fe));
  machine.run(20_000);
  const entry = 0x20000100;
  // movs r0, #7; b .
  machine.runFromSram([{ offset: entry - 0x20000000, data: halfwords(0x2007, 0xe7fe) }], entry);
  machine.run(20_000);
  const core = () => machine.cores[0];
  expect([core().PC, core().get(0), core().SP]).toEqual([entry + 2, 7, 0x20042000]);
  machine.restart();
  machine.run(20_000);
  expect(core().PC).toBe(flashProgram);
  expect(events).toEqual([]);
});
