import type { Core } from './core';
import {
  highDestination,
  highSource,
  low,
  operand,
  pc,
  setResultFlags,
  sp,
  type Encoding,
  type Instruction,
} from './instruction';

/** AddWithCarry of the architecture: every sum and difference, and all four flags. */
function addWithCarry(core: Core, a: number, b: number, carry: number): number {
  const result = (a + b + carry) | 0;
  core.C = carry ? result >>> 0 <= a >>> 0 : result >>> 0 < a >>> 0;
  core.V = ((a ^ result) & (b ^ result)) < 0;
  return setResultFlags(core, result);
}

function add(core: Core, a: number, b: number): number {
  return addWithCarry(core, a, b, 0);
}

function subtract(core: Core, a: number, b: number): number {
  return addWithCarry(core, a, ~b, 1);
}

type Sum = (core: Core, a: number, b: number) => number;

/** Rd = Rn op Rm */
function threeRegisters(sum: Sum): Instruction {
  return (core, opcode) => {
    core.set(low(opcode, 0), sum(core, core.get(low(opcode, 3)), core.get(low(opcode, 6))));
    return 1;
  };
}

/** Rd = Rn op imm3 */
function smallImmediate(sum: Sum): Instruction {
  return (core, opcode) => {
    core.set(low(opcode, 0), sum(core, core.get(low(opcode, 3)), low(opcode, 6)));
    return 1;
  };
}

/** Rdn = Rdn op imm8 */
function immediate(sum: Sum): Instruction {
  return (core, opcode) => {
    core.set(low(opcode, 8), sum(core, core.get(low(opcode, 8)), opcode & 0xff));
    return 1;
  };
}

/** Rdn = Rdn op Rm */
function twoRegisters(sum: Sum): Instruction {
  return (core, opcode) => {
    core.set(low(opcode, 0), sum(core, core.get(low(opcode, 0)), core.get(low(opcode, 3))));
    return 1;
  };
}

/** Flags of Rn op Rm alone */
function flagsOf(sum: Sum): Instruction {
  return (core, opcode) => {
    sum(core, core.get(low(opcode, 0)), core.get(low(opcode, 3)));
    return 1;
  };
}

const compareImmediate: Instruction = (core, opcode) => {
  subtract(core, core.get(low(opcode, 8)), opcode & 0xff);
  return 1;
};

const compareHigh: Instruction = (core, opcode) => {
  subtract(core, core.get(highDestination(opcode)), operand(core, highSource(opcode)));
  return 1;
};

/** Writes any register; a write to the program counter is a branch. Returns the cycles. */
function writeHigh(core: Core, register: number, value: number): number {
  if (register === pc) {
    core.set(pc, value & ~1);
    return 2;
  }
  core.set(register, register === sp ? value & ~3 : value);
  return 1;
}

const addHigh: Instruction = (core, opcode) => {
  const register = highDestination(opcode);
  return writeHigh(core, register, operand(core, register) + operand(core, highSource(opcode)));
};

const moveHigh: Instruction = (core, opcode) =>
  writeHigh(core, highDestination(opcode), operand(core, highSource(opcode)));

const moveImmediate: Instruction = (core, opcode) => {
  core.set(low(opcode, 8), setResultFlags(core, opcode & 0xff));
  return 1;
};

const addressOfLiteral: Instruction = (core, opcode) => {
  core.set(low(opcode, 8), (core.pcOperand & ~3) + ((opcode & 0xff) << 2));
  return 1;
};

const addressOnStack: Instruction = (core, opcode) => {
  core.set(low(opcode, 8), core.get(sp) + ((opcode & 0xff) << 2));
  return 1;
};

/** Moves the stack pointer up, or down with -1. */
function moveStack(direction: 1 | -1): Instruction {
  return (core, opcode) => {
    core.set(sp, core.get(sp) + direction * ((opcode & 0x7f) << 2));
    return 1;
  };
}

const carryOf = (core: Core): number => (core.C ? 1 : 0);

export const arithmetic: readonly Encoding[] = [
  ['0001100mmmnnnddd', threeRegisters(add)],
  ['0001101mmmnnnddd', threeRegisters(subtract)],
  ['0001110iiinnnddd', smallImmediate(add)],
  ['0001111iiinnnddd', smallImmediate(subtract)],
  ['00100dddiiiiiiii', moveImmediate],
  ['00101nnniiiiiiii', compareImmediate],
  ['00110dddiiiiiiii', immediate(add)],
  ['00111dddiiiiiiii', immediate(subtract)],
  ['0100000101mmmddd', twoRegisters((core, a, b) => addWithCarry(core, a, b, carryOf(core)))],
  ['0100000110mmmddd', twoRegisters((core, a, b) => addWithCarry(core, a, ~b, carryOf(core)))],
  ['0100001001nnnddd', twoRegisters((core, _, b) => subtract(core, 0, b))],
  ['0100001010mmmnnn', flagsOf(subtract)],
  ['0100001011mmmnnn', flagsOf(add)],
  ['01000100dmmmmddd', addHigh],
  ['01000101nmmmmnnn', compareHigh],
  ['01000110dmmmmddd', moveHigh],
  ['10100dddiiiiiiii', addressOfLiteral],
  ['10101dddiiiiiiii', addressOnStack],
  ['101100000iiiiiii', moveStack(1)],
  ['101100001iiiiiii', moveStack(-1)],
];
