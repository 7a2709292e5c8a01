import { flashCache } from '../../../src/core/chip';
import { describe, expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import type { MachineEvent } from '../../../src/emulator/machine-event';
import { flashWith, halfwords } from './assemble';

interface Run {
  machine: Machine;
  events: MachineEvent[];
  output: string;
}

function run(program: Uint8Array, cycles: number): Run {
  const result: Omit<Run, 'machine'> = { events: [], output: '' };
  const machine = new Machine(flashWith(program), {
    onOutput: (bytes) => (result.output += Buffer.from(bytes).toString()),
    onEvent: (event) => result.events.push(event),
  });
  machine.run(cycles);
  return { ...result, machine };
}

/** Half-words of a 32-bit literal. */
const word = (value: number): number[] => [value & 0xffff, value >>> 16];

describe('a program in flash', () => {
  test('is booted through its boot stage and writes to the UART', () => {
    // ldr r1, =UART0; movs r0, #'H'; str r0, [r1]; movs r0, #'i'; str r0, [r1]; b .
    const program = halfwords(0x4902, 0x2048, 0x6008, 0x2069, 0x6008, 0xe7fe, ...word(0x40034000));
    const { output, machine } = run(program, 10_000);
    expect(output).toBe('Hi');
    expect(machine.cores[0].PC).toBe(0x1000010a);
    expect(machine.clock.cycles).toBeGreaterThanOrEqual(10_000);
    expect(machine.idleCycles).toBe(0);
  });

  test('keeps SRAM over a reset, and not over a loss of power', () => {
    // b .
    const { machine } = run(halfwords(0xe7fe), 1000);
    machine.chip.sram[64] = 7;
    machine.restart();
    expect(machine.chip.sram[64]).toBe(7);
    machine.powerOn();
    expect(machine.chip.sram[64]).toBe(0);
  });

  test('finds time at its beginning after a restart', () => {
    // b .
    const { machine } = run(halfwords(0xe7fe), 100_000);
    expect(machine.clock.nanos).toBeGreaterThan(100_000);
    machine.restart();
    expect(machine.clock.nanos).toBe(0);
    expect(machine.clock.cyclesSinceRestart).toBe(0);
    expect(machine.clock.elapsedNanos).toBeGreaterThan(100_000);
    const before = machine.clock.cycles;
    machine.run(1000);
    expect(machine.clock.cycles).toBeGreaterThan(before);
    expect(machine.clock.cyclesSinceRestart).toBe(machine.clock.cycles - before);
  });

  test('counts its cycles', () => {
    // ldr r0, =100; loop: subs r0, #1; bne loop; bkpt
    const program = halfwords(0x4801, 0x3801, 0xd1fd, 0xbe00, ...word(100));
    const { events } = run(program, 10_000);
    // trap and bx in the ROM are the boot; then ldr 2 + bx 2, ldr 2, and 100 turns of 3, less 1.
    // The flash sends a word at a time: two of the program, and its literal.
    const cycles = 6000 + 4 + 301 + 3 * flashCache.missCycles;
    expect(events).toEqual([expect.objectContaining({ kind: 'fault', cycles })]);
  });

  test('a fault reports its place and the registers', () => {
    // movs r3, #1; ldr r0, [r3]
    const { events, machine } = run(halfwords(0x2301, 0x6818), 10_000);
    expect(machine.ended).toBe(true);
    expect(events).toHaveLength(1);
    const [event] = events;
    expect(event).toMatchObject({
      kind: 'fault',
      reason: 'unaligned read of 4 bytes at 0x00000001',
      address: 0x10000102,
    });
    if (event?.kind !== 'fault') return;
    expect(event.registers[3]).toBe(1);
    expect(machine.clock.cycles).toBeGreaterThanOrEqual(event.cycles);
  });

  test('sleep costs nothing and ends with the alarm', () => {
    // The timer's alarm 0 at 1000 microseconds, its interrupt enabled; wfi; bkpt
    const program = halfwords(
      0x4806, // ldr r0, =TIMER
      0x2101, // movs r1, #1
      0x6381, // str r1, [r0, #0x38]: INTE
      0x4a06, // ldr r2, =NVIC_ISER
      0x6011, // str r1, [r2]
      0xb672, // cpsid i
      0x217d, // movs r1, #125
      0x00c9, // lsls r1, #3
      0x6101, // str r1, [r0, #0x10]: ALARM0
      0xbf30, // wfi
      0x6a81, // ldr r1, [r0, #0x28]: TIMERAWL
      0xbe00, // bkpt
      0,
      0,
      ...word(0x40054000),
      ...word(0xe000e100),
    );
    const { events, machine } = run(program, 1_000_000);
    const [event] = events;
    expect(event).toMatchObject({ kind: 'fault', reason: expect.stringMatching(/^breakpoint/) });
    if (event?.kind === 'fault') expect(event.registers[1]).toBe(1000);
    expect(machine.idleCycles).toBeGreaterThan(110_000);
    expect(machine.clock.cycles).toBeLessThan(126_000);
  });

  test('an alarm interrupts a program that never rests, at its time', () => {
    const program = halfwords(
      0x4807, // ldr r0, =TIMER
      0x2101, // movs r1, #1
      0x6381, // str r1, [r0, #0x38]: INTE
      0x4a07, // ldr r2, =NVIC_ISER
      0x6011, // str r1, [r2]
      0x4b07, // ldr r3, =VTOR
      0x4c07, // ldr r4, =vectors
      0x601c, // str r4, [r3]
      0x4d07, // ldr r5, =handler
      0x6425, // str r5, [r4, #0x40]
      0x2164, // movs r1, #100
      0x6101, // str r1, [r0, #0x10]: ALARM0
      0xe7fe, // b .
      0x6a86, // handler: ldr r6, [r0, #0x28]: TIMERAWL
      0xbe00, // bkpt
      0,
      ...word(0x40054000),
      ...word(0xe000e100),
      ...word(0xe000ed08),
      ...word(0x20002000),
      ...word(0x1000011b),
    );
    const [event] = run(program, 1_000_000).events;
    if (event?.kind !== 'fault') expect.fail('it has not come to the breakpoint');
    expect(event.registers[6]).toBe(100);
  });

  test('an interrupt that ends a sleep costs what any interrupt costs', () => {
    const endOf = (masked: boolean): number => {
      // b .
      const { machine, events } = run(halfwords(0xe7fe), 10_000);
      const [core] = machine.cores;
      core.bus.store32(0xe000e014, 5000);
      core.bus.store32(0xe000e018, 0);
      const [vectors, program] = [0x20002000, 0x20001000];
      // wfi; bkpt, which is SysTick's handler too
      machine.chip.sram.set(halfwords(0xbf30, 0xbe00), 0x1000);
      core.VTOR = vectors;
      core.bus.store32(vectors + 4 * 15, (program + 2) | 1);
      core.SP = 0x20003000;
      core.PC = program;
      core.PM = masked;
      core.bus.store32(0xe000e010, 7);
      machine.run(20_000);
      expect(events).toMatchObject([{ kind: 'fault', address: program + 2 }]);
      expect(core.idleCycles).toBeGreaterThan(3000);
      return core.time;
    };
    expect(endOf(false) - endOf(true)).toBe(15);
  });

  test('a debugger steps a sleeping core in the present', () => {
    // wfi; wfi
    const { machine } = run(halfwords(0xbf30, 0xbf30), 50_000);
    const [core] = machine.cores;
    expect(core.waiting).toBe(true);
    expect(core.time).toBeLessThan(10_000);
    expect(machine.debug.stepCore(0, false)).toEqual({ core: 0, why: 'step' });
    expect(core.waiting).toBe(true);
    expect(core.PC).toBe(0x10000104);
    expect(core.time).toBeGreaterThan(50_000);
    expect(core.idleCycles).toBeGreaterThan(40_000);
  });

  test('the watchdog starts it again, and its memory lasts', () => {
    // ldr r0, =WATCHDOG; ldr r1, [r0, #8] (reason); cmp r1, #0; bne stop;
    // movs r1, #9; str r1, [r0, #12]; ldr r1, =TRIGGER; str r1, [r0]; b .; stop: bkpt
    const program = halfwords(
      ...[0x4805, 0x6881, 0x2900, 0xd104, 0x2109, 0x60c1, 0x4903, 0x6001, 0xe7fe, 0x68c2],
      ...[0xbe00, 0],
      ...word(0x40058000),
      ...word(0x80000000),
    );
    const { events } = run(program, 40_000);
    expect(events.map(({ kind }) => kind)).toEqual(['reset', 'fault']);
    const [, fault] = events;
    if (fault?.kind === 'fault') expect(fault.registers.slice(1, 3)).toEqual([2, 9]);
  });

  test('an erased flash leads to the boot loader', () => {
    const events: MachineEvent[] = [];
    const machine = new Machine([], {
      onOutput: () => undefined,
      onEvent: (event) => events.push(event),
    });
    machine.run(100_000);
    expect(events.map(({ kind }) => kind)).toEqual(['bootloader']);
    expect(machine.ended).toBe(true);
  });
});
