import { beforeEach, describe, expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import type { MachineEvent } from '../../../src/emulator/machine-event';
import { flashWith, halfwords } from './assemble';

const pio = 0x50200000;
/** First interrupt of the block. */
const firstInterrupt = 7;
const register = {
  control: pio,
  status: pio + 0x4,
  transmit: pio + 0x10,
  receive: pio + 0x20,
  instructions: pio + 0x48,
  divider: pio + 0xc8,
  wrap: pio + 0xcc,
  shift: pio + 0xd0,
  execute: pio + 0xd8,
  pins: pio + 0xdc,
  interrupts: pio + 0x12c,
} as const;

const cycle = 1 << 16;
const [clockRestart, enable] = [0x100, 1];
/** Instructions of a state machine; the delay, in ticks, adds 256 for each. */
const countDown = 0x0040; // jmp x--, 0
const invertZeroToX = 0xa02b; // mov x, ~null
const raiseFlag = 0xc000; // irq 0
const pullWhenThere = 0x80a0; // pull block
const pushX = 0xa0c1; // mov isr, x
const push = 0x8020; // push block

let machine: Machine;
let events: MachineEvent[];

beforeEach(() => {
  events = [];
  machine = new Machine(
    // b .
    flashWith(halfwords(0xe7fe)),
    { onOutput: () => undefined, onEvent: (event) => events.push(event) },
  );
  machine.run(10_000);
});

const store = (address: number, value: number): void =>
  machine.cores[0].bus.store32(address, value);
const load = (address: number): number => machine.cores[0].bus.load32(address);

/** Starts a program on the first state machine, which wraps around at its end. */
function start(program: readonly number[], divider: number): void {
  program.forEach((instruction, i) => store(register.instructions + 4 * i, instruction));
  store(register.divider, divider);
  store(register.wrap, (program.length - 1) << 12);
  store(register.execute, invertZeroToX);
  store(register.control, enable | clockRestart);
}

/** Turns of a loop that counts down from -1. */
const counted = (): number => ~(machine.chip.pio[0]!.machines[0]!.x | 0);

/** Lets a number of cycles pass, as far as instructions allow; returns how many have. */
function pass(cycles: number): number {
  const { clock } = machine;
  const before = clock.cycles;
  machine.run(cycles);
  return clock.cycles - before;
}

describe('a state machine', () => {
  test.each([
    ['a tick a cycle', cycle, 1],
    ['a whole divider', 125 * cycle, 125],
    ['a divider with a fraction', 2.5 * cycle, 2.5],
    ['the least fraction', cycle + (1 << 8), 1 + 1 / 256],
    ['the longest divider, which is 0', 0, 65536],
  ])('has a clock of its own: %s', (_, divider, cycles) => {
    start([countDown], divider);
    const passed = pass(500_000);
    expect(Math.abs(counted() - passed / cycles)).toBeLessThanOrEqual(1);
  });

  test('waits the ticks of its delays', () => {
    start([countDown | (9 << 8)], cycle);
    const passed = pass(50_000);
    expect(Math.abs(counted() - passed / 10)).toBeLessThanOrEqual(1);
  });

  test('stands still while it is switched off', () => {
    start([countDown], cycle);
    pass(1000);
    store(register.control, 0);
    const before = counted();
    pass(1000);
    expect(counted()).toBe(before);
  });

  test('keeps its pace when the clock of the chip changes', () => {
    start([countDown], 10 * cycle);
    const first = pass(10_000);
    machine.clock.frequency = 200e6;
    const passed = first + pass(10_000);
    expect(Math.abs(counted() - passed / 10)).toBeLessThanOrEqual(1);
  });

  test('continues where it waited, once there is data to pull', () => {
    start([pullWhenThere, pushX, push], 4 * cycle);
    pass(10_000);
    expect(machine.clock.nextDue).toBe(Infinity);
    store(register.transmit, 1);
    // The pull completes, then two more instructions.
    pass(4);
    expect(load(register.status) & 0x100).not.toBe(0);
    pass(12);
    expect(load(register.status) & 0x100).toBe(0);
    expect(load(register.receive)).toBe(-1);
  });

  test('interrupts a core soon after its tick', () => {
    const [core] = machine.cores;
    store(register.interrupts, 1 << 8);
    start([raiseFlag], 5000 * cycle);
    const { cycles } = machine.clock;
    while ((core.pendingInterrupts & (1 << firstInterrupt)) === 0) machine.run(1);
    expect(machine.clock.cycles - cycles).toBeGreaterThanOrEqual(5000);
    expect(machine.clock.cycles - cycles).toBeLessThan(5000 + 40);
  });

  test('is fed by DMA without any access by the program', () => {
    // pull block; mov x, osr, in turn for 400 words, at a cycle each
    start([pullWhenThere, 0xa027], cycle);
    const channel = 0x50000000;
    for (let word = 0; word < 400; word++) store(0x20010000 + 4 * word, word);
    store(channel, 0x20010000);
    store(channel + 4, register.transmit);
    store(channel + 8, 400);
    // Paced by the FIFO, words, from ascending addresses.
    store(channel + 0xc, (0 << 15) | (1 << 4) | (2 << 2) | 1);
    pass(1000);
    expect(machine.chip.pio[0]?.machines[0]?.x).toBe(399);
  });

  test('lights the LED for its share of the time', () => {
    // set pindirs, 1; set pins, 1 [5]; set pins, 0 [1]: three quarters of a round of 8
    store(0x400140cc, 6);
    store(register.pins, (1 << 26) | (25 << 5));
    store(register.execute, 0xe081);
    start([0xe001 | (5 << 8), 0xe000 | (1 << 8)], cycle);
    machine.led.look();
    pass(100_000);
    expect(machine.led.look()).toBeCloseTo(0.75, 2);
  });
});

describe('the PIO blocks', () => {
  test('rest when their machine is not run', async () => {
    start([countDown], cycle);
    pass(1000);
    const before = counted();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(counted()).toBe(before);
  });

  test('end with the power', () => {
    start([countDown], cycle);
    pass(1000);
    const [old] = machine.chip.pio;
    const before = old?.machines[0]?.x;
    machine.restart();
    machine.run(10_000);
    expect(old?.machines[0]?.x).toBe(before);
  });

  test('end the program when one cannot continue', () => {
    start([countDown], cycle);
    Object.assign(machine.chip.pio[0]!.machines[0]!, {
      executeInstruction: () => {
        throw new TypeError('no such instruction');
      },
    });
    machine.run(10_000);
    expect(events).toEqual([{ kind: 'device-fault', reason: 'no such instruction' }]);
  });
});

test('a state machine keeps up however the emulation is split into pieces', () => {
  start([countDown], cycle);
  for (let piece = 0; piece < 300; piece++) {
    machine.run(1000);
    expect(machine.clock.nextDue).toBeLessThanOrEqual(machine.clock.cycles + 257);
  }
});

describe('what a program executes out of turn', () => {
  const waitForFlag = 0x20c5; // wait 1 irq 5
  const raiseAndWait = 0xc020; // irq wait 0
  const outToNull = 0x6060; // out null, 32
  const programCounter = register.execute - 4;
  const status = register.status;
  const force = pio + 0x34;

  test('takes the place of an instruction that waits, which then begins again', () => {
    start([raiseAndWait, countDown], cycle);
    // Automatic pull.
    store(register.shift, 1 << 17);
    machine.run(50);
    for (const word of [1, 2, 3]) store(register.transmit, word);
    for (let i = 0; i < 4; i++) store(register.execute, outToNull);
    expect(load(status) & (1 << 24)).not.toBe(0);
    expect(load(programCounter)).toBe(0);
    store(register.execute, 0x0001);
    expect(load(programCounter)).toBe(1);
  });

  test('leaves the program counter alone when it waits', () => {
    const setTo7 = 0xe027; // set x, 7
    start([setTo7, pushX, push, 0x0003], cycle);
    store(register.control, 0);
    store(register.execute, 0x0000);
    store(register.execute, waitForFlag);
    store(register.control, enable);
    machine.run(50);
    expect(load(status) & (1 << 8)).not.toBe(0);
    store(force, 1 << 5);
    machine.run(50);
    expect(load(register.receive)).toBe(7);
  });

  test('joined FIFOs have the words of both', () => {
    store(register.shift, 1 << 30);
    for (let word = 0; word < 8; word++) {
      expect(load(status) & (1 << 16)).toBe(0);
      store(register.transmit, word);
    }
    expect(load(status) & (1 << 16)).not.toBe(0);
    store(register.shift, 0);
    expect(load(status) & (1 << 24)).not.toBe(0);
  });
});
