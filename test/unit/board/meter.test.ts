import { expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import { Meter } from '../../../src/node/board/virtual/meter';
import { flashWith, halfwords } from '../emulator/assemble';

/** wfi; b to the wfi */
const sleeping = halfwords(0xbf30, 0xe7fd);

function metered() {
  const listener = { onOutput: () => undefined, onEvent: () => undefined };
  const machine = new Machine(flashWith(sleeping), listener);
  const meter = new Meter(machine);
  const run = (): void => {
    machine.run(1_000_000);
    meter.note(1);
  };
  run();
  return { machine, meter, run };
}

test('a core that sleeps has no load, nor has it after a restart', () => {
  const { machine, meter, run } = metered();
  meter.read('running', false);
  run();
  const loads = (): number[] => meter.read('running', false).cores.map(({ load }) => load);
  expect(loads()).toEqual([0, 0]);
  run();
  machine.restart();
  run();
  expect(Math.max(...loads())).toBeLessThan(0.01);
  machine.restart();
  expect(loads()).toEqual([0, 0]);
});

test('SRAM is in use where it has been written', () => {
  const { machine, meter } = metered();
  const written = (): number => meter.read('running', false).sram_written;
  const before = written();
  machine.cores[0].bus.store32(0x20000100, 1);
  machine.cores[0].bus.store8(0x20000105, 1);
  expect(written()).toBe(before + 8);
  machine.powerOn();
  expect(written()).toBe(0);
});

test('the stack is measured anew with each program', () => {
  const { machine, meter, run } = metered();
  machine.cores[0].SP = 0x20001000;
  run();
  machine.cores[0].SP = 0x20002000;
  const lowest = (): number => meter.read('running', false).cores[0].lowest_stack_pointer;
  expect(lowest()).toBe(0x20001000);
  machine.restart();
  machine.cores[0].SP = 0x20003000;
  expect(lowest()).toBe(0x20003000);
});
