import { highDestination, highSource, low, pc, sp } from '../thumb/instruction';
import { op } from '../wasm/opcodes';
import type { BlockWriter } from './block-writer';
import { computed, type Held } from './held';
import { pushMoved } from './sram-access';
import type { Translation } from './translation';

/** Computes a sum or difference with its flags. */
type Sum = (writer: BlockWriter, a: Held, b: Held) => Held;

/** V of a sum is the sign of this: both have a sign that the result has not. */
function overflowOf(writer: BlockWriter, [x, y, z]: readonly [Held, Held, Held]): Held {
  const { code } = writer;
  return computed([x, y, z], () => {
    x.push();
    z.push();
    code.op(op.i32_xor);
    y.push();
    z.push();
    code.op(op.i32_xor, op.i32_and);
  });
}

const add: Sum = (writer, x, y) => {
  const { code } = writer;
  x.push();
  y.push();
  code.op(op.i32_add);
  const sum = writer.hold();
  const C = computed([sum, x], () => {
    sum.push();
    x.push();
    code.op(op.i32_lt_u);
  });
  writer.flags = { N: sum, Z: sum, C, V: overflowOf(writer, [x, y, sum]) };
  return sum;
};

const subtract: Sum = (writer, x, y) => {
  const { code } = writer;
  x.push();
  y.push();
  code.op(op.i32_sub);
  const difference = writer.hold();
  const C = computed([x, y], () => {
    x.push();
    y.push();
    code.op(op.i32_ge_u);
  });
  // The sum of x and what y inverted: y and the result differ from x in sign.
  const V = overflowOf(writer, [y, difference, x]);
  writer.flags = { N: difference, Z: difference, C, V, compared: [x, y] };
  return difference;
};

function addWithCarry(writer: BlockWriter, x: Held, y: Held): Held {
  const { code } = writer;
  writer.flags.C.push();
  const carry = writer.hold();
  x.push();
  y.push();
  code.op(op.i32_add);
  carry.push();
  code.op(op.i32_add);
  const sum = writer.hold();
  const C = computed([sum, x, carry], () => {
    for (const comparison of [op.i32_le_u, op.i32_lt_u]) {
      sum.push();
      x.push();
      code.op(comparison);
    }
    carry.push();
    code.op(op.select);
  });
  writer.flags = { N: sum, Z: sum, C, V: overflowOf(writer, [x, y, sum]) };
  return sum;
}

const addWithBorrow: Sum = (writer, x, y) => {
  y.push();
  writer.code.constant(-1);
  writer.code.op(op.i32_xor);
  return addWithCarry(writer, x, writer.hold());
};

/** Writes a register, and counts the cycle of the instruction. */
function finish(writer: BlockWriter, register: number, { push }: Pick<Held, 'push'>): void {
  push();
  writer.write(register);
  writer.spend(1);
}

function threeRegisters(sum: Sum): Translation {
  return (writer, opcode) => {
    const a = writer.holdRegister(low(opcode, 3));
    const b = writer.holdRegister(low(opcode, 6));
    finish(writer, low(opcode, 0), sum(writer, a, b));
  };
}

function smallImmediate(sum: Sum): Translation {
  return (writer, opcode) => {
    const a = writer.holdRegister(low(opcode, 3));
    finish(writer, low(opcode, 0), sum(writer, a, writer.constant(low(opcode, 6))));
  };
}

function immediate(sum: Sum): Translation {
  return (writer, opcode) => {
    const a = writer.holdRegister(low(opcode, 8));
    finish(writer, low(opcode, 8), sum(writer, a, writer.constant(opcode & 0xff)));
  };
}

function twoRegisters(sum: Sum): Translation {
  return (writer, opcode) => {
    const a = writer.holdRegister(low(opcode, 0));
    const b = writer.holdRegister(low(opcode, 3));
    finish(writer, low(opcode, 0), sum(writer, a, b));
  };
}

const negate: Translation = (writer, opcode) => {
  const b = writer.holdRegister(low(opcode, 3));
  finish(writer, low(opcode, 0), subtract(writer, writer.constant(0), b));
};

function flagsOf(sum: Sum): Translation {
  return (writer, opcode) => {
    sum(writer, writer.holdRegister(low(opcode, 0)), writer.holdRegister(low(opcode, 3)));
    writer.spend(1);
  };
}

const compareImmediate: Translation = (writer, opcode) => {
  subtract(writer, writer.holdRegister(low(opcode, 8)), writer.constant(opcode & 0xff));
  writer.spend(1);
};

const compareHigh: Translation = (writer, opcode) => {
  if (highDestination(opcode) === pc) return false;
  const a = operand(writer, highDestination(opcode));
  subtract(writer, a, operand(writer, highSource(opcode)));
  writer.spend(1);
};

/** A register as an operand: the program counter reads 4 beyond the instruction. */
function operand(writer: BlockWriter, register: number): Held {
  return register === pc ? writer.constant(writer.address + 4) : writer.holdRegister(register);
}

/** Pops the value of any register but the program counter, which is a branch. */
function writeHigh(writer: BlockWriter, register: number): void {
  if (register === sp) {
    writer.code.constant(~3);
    writer.code.op(op.i32_and);
  }
  writer.write(register);
  writer.spend(1);
}

const addHigh: Translation = (writer, opcode) => {
  const register = highDestination(opcode);
  if (register === pc) return false;
  writer.read(register);
  operand(writer, highSource(opcode)).push();
  writer.code.op(op.i32_add);
  writeHigh(writer, register);
};

const moveHigh: Translation = (writer, opcode) => {
  const register = highDestination(opcode);
  if (register === pc) return false;
  operand(writer, highSource(opcode)).push();
  writeHigh(writer, register);
};

const moveImmediate: Translation = (writer, opcode) => {
  const value = writer.constant(opcode & 0xff);
  writer.setResultFlags(value);
  finish(writer, low(opcode, 8), value);
};

const addressOfLiteral: Translation = (writer, opcode) => {
  const address = ((writer.address + 4) & ~3) + ((opcode & 0xff) << 2);
  finish(writer, low(opcode, 8), writer.constant(address));
};

const addressOnStack: Translation = (writer, opcode) => {
  pushMoved(writer, sp, (opcode & 0xff) << 2);
  writer.write(low(opcode, 8));
  writer.spend(1);
};

function moveStack(sign: 1 | -1): Translation {
  return (writer, opcode) => {
    pushMoved(writer, sp, sign * ((opcode & 0x7f) << 2));
    writer.write(sp);
    writer.spend(1);
  };
}

/** The counterpart of `arithmetic` in thumb/. */
export const arithmetic: readonly (readonly [string, Translation])[] = [
  ['0001100mmmnnnddd', threeRegisters(add)],
  ['0001101mmmnnnddd', threeRegisters(subtract)],
  ['0001110iiinnnddd', smallImmediate(add)],
  ['0001111iiinnnddd', smallImmediate(subtract)],
  ['00100dddiiiiiiii', moveImmediate],
  ['00101nnniiiiiiii', compareImmediate],
  ['00110dddiiiiiiii', immediate(add)],
  ['00111dddiiiiiiii', immediate(subtract)],
  ['0100000101mmmddd', twoRegisters(addWithCarry)],
  ['0100000110mmmddd', twoRegisters(addWithBorrow)],
  ['0100001001nnnddd', negate],
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
