import { highDestination, highSource, low, pc, sp } from '../thumb/instruction';
import type { BlockWriter } from './block-writer';
import type { Translation } from './translation';

/** Defines a sum or difference with its flags; returns the name of the result. */
type Sum = (writer: BlockWriter, a: string, b: string) => string;

function addWithCarry(writer: BlockWriter, a: string, b: string, carry: string): string {
  const [x, y, in_] = [writer.define(a), writer.define(b), writer.define(carry)];
  const sum = writer.define(`(${x}+${y}+(${in_}?1:0))|0`);
  writer.setResultFlags(sum);
  writer.flags.C = `(${in_}?${sum}>>>0<=${x}>>>0:${sum}>>>0<${x}>>>0)`;
  writer.flags.V = `((${x}^${sum})&(${y}^${sum}))<0`;
  return sum;
}

const add: Sum = (writer, a, b) => {
  const [x, y] = [writer.define(a), writer.define(b)];
  const sum = writer.define(`(${x}+${y})|0`);
  writer.setResultFlags(sum);
  writer.flags.C = `${sum}>>>0<${x}>>>0`;
  writer.flags.V = `((${x}^${sum})&(${y}^${sum}))<0`;
  return sum;
};

const subtract: Sum = (writer, a, b) => {
  const [x, y] = [writer.define(a), writer.define(b)];
  const difference = writer.define(`(${x}-${y})|0`);
  writer.setResultFlags(difference);
  writer.flags.C = `${x}>>>0>=${y}>>>0`;
  writer.flags.V = `((${x}^${y})&(${x}^${difference}))<0`;
  return difference;
};

const withCarry: Sum = (writer, a, b) => addWithCarry(writer, a, b, writer.flags.C);
const withBorrow: Sum = (writer, a, b) => addWithCarry(writer, a, `~${b}`, writer.flags.C);

function threeRegisters(sum: Sum): Translation {
  return (writer, opcode) => {
    const [a, b] = [writer.read(low(opcode, 3)), writer.read(low(opcode, 6))];
    writer.write(low(opcode, 0), sum(writer, a, b));
    writer.spend(1);
  };
}

function smallImmediate(sum: Sum): Translation {
  return (writer, opcode) => {
    const a = writer.read(low(opcode, 3));
    writer.write(low(opcode, 0), sum(writer, a, String(low(opcode, 6))));
    writer.spend(1);
  };
}

function immediate(sum: Sum): Translation {
  return (writer, opcode) => {
    const a = writer.read(low(opcode, 8));
    writer.write(low(opcode, 8), sum(writer, a, String(opcode & 0xff)));
    writer.spend(1);
  };
}

function twoRegisters(sum: Sum): Translation {
  return (writer, opcode) => {
    const [a, b] = [writer.read(low(opcode, 0)), writer.read(low(opcode, 3))];
    writer.write(low(opcode, 0), sum(writer, a, b));
    writer.spend(1);
  };
}

function flagsOf(sum: Sum): Translation {
  return (writer, opcode) => {
    sum(writer, writer.read(low(opcode, 0)), writer.read(low(opcode, 3)));
    writer.spend(1);
  };
}

const compareImmediate: Translation = (writer, opcode) => {
  subtract(writer, writer.read(low(opcode, 8)), String(opcode & 0xff));
  writer.spend(1);
};

const compareHigh: Translation = (writer, opcode) => {
  if (highDestination(opcode) === pc) return false;
  subtract(writer, operand(writer, highDestination(opcode)), operand(writer, highSource(opcode)));
  writer.spend(1);
};

/** A register as an operand: the program counter reads 4 beyond the instruction. */
function operand(writer: BlockWriter, register: number): string {
  return register === pc ? String(writer.address + 4) : writer.read(register);
}

/** Writes any register but the program counter, which is a branch. */
function writeHigh(writer: BlockWriter, register: number, value: string): false | void {
  if (register === pc) return false;
  writer.write(register, register === sp ? `(${value})&~3` : `(${value})|0`);
  writer.spend(1);
}

const addHigh: Translation = (writer, opcode) => {
  const register = highDestination(opcode);
  if (register === pc) return false;
  const sum = `${operand(writer, register)}+${operand(writer, highSource(opcode))}`;
  return writeHigh(writer, register, sum);
};

const moveHigh: Translation = (writer, opcode) =>
  writeHigh(writer, highDestination(opcode), operand(writer, highSource(opcode)));

const moveImmediate: Translation = (writer, opcode) => {
  const value = opcode & 0xff;
  writer.write(low(opcode, 8), String(value));
  writer.flags = { ...writer.flags, N: 'false', Z: String(value === 0) };
  writer.spend(1);
};

const addressOfLiteral: Translation = (writer, opcode) => {
  writer.write(low(opcode, 8), String(((writer.address + 4) & ~3) + ((opcode & 0xff) << 2)));
  writer.spend(1);
};

const addressOnStack: Translation = (writer, opcode) => {
  writer.write(low(opcode, 8), `(${writer.read(sp)}+${(opcode & 0xff) << 2})|0`);
  writer.spend(1);
};

function moveStack(sign: '+' | '-'): Translation {
  return (writer, opcode) => {
    writer.write(sp, `(${writer.read(sp)}${sign}${(opcode & 0x7f) << 2})|0`);
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
  ['0100000101mmmddd', twoRegisters(withCarry)],
  ['0100000110mmmddd', twoRegisters(withBorrow)],
  ['0100001001nnnddd', twoRegisters((writer, _, b) => subtract(writer, '0', b))],
  ['0100001010mmmnnn', flagsOf(subtract)],
  ['0100001011mmmnnn', flagsOf(add)],
  ['01000100dmmmmddd', addHigh],
  ['01000101nmmmmnnn', compareHigh],
  ['01000110dmmmmddd', moveHigh],
  ['10100dddiiiiiiii', addressOfLiteral],
  ['10101dddiiiiiiii', addressOnStack],
  ['101100000iiiiiii', moveStack('+')],
  ['101100001iiiiiii', moveStack('-')],
];
