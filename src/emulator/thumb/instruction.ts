import type { Core } from './core';

/**
 * Executes an instruction and returns its cycles, without wait states, as in the Cortex-M0+
 * Technical Reference Manual. The program counter is already 2 beyond the instruction.
 */
export type Instruction = (core: Core, opcode: number) => number;

/** A bit pattern of 16 digits, the most significant first; letters stand for operand bits. */
export type Encoding = readonly [pattern: string, execute: Instruction];

export const sp = 13;
export const lr = 14;
export const pc = 15;

/** The three bits of a low register from bit `at` on. */
export function low(opcode: number, at: number): number {
  return (opcode >>> at) & 7;
}

/** Destination of the instructions that reach all registers: bit 7 tops bits 2 to 0. */
export function highDestination(opcode: number): number {
  return ((opcode >>> 4) & 8) | (opcode & 7);
}

/** Source of those: bits 6 to 3. */
export function highSource(opcode: number): number {
  return (opcode >>> 3) & 15;
}

/** A register as an operand: the program counter reads 4 beyond the instruction. */
export function operand(core: Core, register: number): number {
  return register === pc ? core.pcOperand : core.get(register);
}

/** Sets N and Z from a result, and returns it. */
export function setResultFlags(core: Core, result: number): number {
  core.N = (result | 0) < 0;
  core.Z = (result | 0) === 0;
  return result;
}
