import type { Machine } from '../../../src/emulator/machine';
import type { Core } from '../../../src/emulator/thumb/core';
import { halfwords } from './assemble';

/** Addresses of the parts of a program in SRAM that takes exceptions. */
export const program = 0x20001000;
export const handler = 0x20001100;
export const vectors = 0x20002000;
export const stack = 0x20003000;

/** Lets a core execute a program whose vectors all lead to one handler; the other one is held in reset. */
export function placeProgram(
  machine: Machine,
  number: 0 | 1,
  code: readonly number[],
  inHandler: readonly number[],
): Core {
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
  core.registers[7] = 0;
  machine.cores[number === 0 ? 1 : 0].held = true;
  return core;
}
