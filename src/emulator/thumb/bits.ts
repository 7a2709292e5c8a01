import type { Core } from './core';
import { low, setResultFlags, type Encoding, type Instruction } from './instruction';

/**
 * Shifts `value` by `count` (0 to 255) and sets the carry to the last bit that leaves; a count of
 * 0 leaves both alone.
 */
type Shift = (core: Core, value: number, count: number) => number;

const shiftLeft: Shift = (core, value, count) => {
  if (count === 0) return value;
  core.C = count <= 32 && ((value >>> (32 - count)) & 1) === 1;
  return count < 32 ? value << count : 0;
};

const shiftRight: Shift = (core, value, count) => {
  if (count === 0) return value;
  core.C = count <= 32 && ((value >>> (count - 1)) & 1) === 1;
  return count < 32 ? value >>> count : 0;
};

const shiftRightSigned: Shift = (core, value, count) => {
  if (count === 0) return value;
  const sign = value >> 31;
  core.C = ((count <= 32 ? value >> (count - 1) : sign) & 1) === 1;
  return count < 32 ? value >> count : sign;
};

const rotateRight: Shift = (core, value, count) => {
  if (count === 0) return value;
  const turns = count & 31;
  const result = (value >>> turns) | (value << (32 - turns));
  core.C = result < 0;
  return result;
};

/** Rd = Rm shifted by a constant, where the encoding 0 may stand for 32. */
function byConstant(shift: Shift, zeroMeans: 0 | 32): Instruction {
  return (core, opcode) => {
    const count = (opcode >>> 6) & 31 || zeroMeans;
    const result = shift(core, core.get(low(opcode, 3)), count);
    core.set(low(opcode, 0), setResultFlags(core, result));
    return 1;
  };
}

/** Rdn = Rdn shifted by the lowest byte of Rm */
function byRegister(shift: Shift): Instruction {
  return (core, opcode) => {
    const result = shift(core, core.get(low(opcode, 0)), core.get(low(opcode, 3)) & 0xff);
    core.set(low(opcode, 0), setResultFlags(core, result));
    return 1;
  };
}

/** Rdn = Rdn op Rm, with N and Z */
function logical(combine: (a: number, b: number) => number): Instruction {
  return (core, opcode) => {
    const result = combine(core.get(low(opcode, 0)), core.get(low(opcode, 3)));
    core.set(low(opcode, 0), setResultFlags(core, result));
    return 1;
  };
}

/** Rd = f(Rm), without flags */
function transform(change: (value: number) => number): Instruction {
  return (core, opcode) => {
    core.set(low(opcode, 0), change(core.get(low(opcode, 3))));
    return 1;
  };
}

const test: Instruction = (core, opcode) => {
  setResultFlags(core, core.get(low(opcode, 0)) & core.get(low(opcode, 3)));
  return 1;
};

const swapInHalves = (value: number): number =>
  ((value & 0x00ff00ff) << 8) | ((value >>> 8) & 0x00ff00ff);
const swapHalves = (value: number): number => (value << 16) | (value >>> 16);
const signed16 = (value: number): number => (value << 16) >> 16;

export const bits: readonly Encoding[] = [
  ['00000iiiiimmmddd', byConstant(shiftLeft, 0)],
  ['00001iiiiimmmddd', byConstant(shiftRight, 32)],
  ['00010iiiiimmmddd', byConstant(shiftRightSigned, 32)],
  ['0100000000mmmddd', logical((a, b) => a & b)],
  ['0100000001mmmddd', logical((a, b) => a ^ b)],
  ['0100000010mmmddd', byRegister(shiftLeft)],
  ['0100000011mmmddd', byRegister(shiftRight)],
  ['0100000100mmmddd', byRegister(shiftRightSigned)],
  ['0100000111mmmddd', byRegister(rotateRight)],
  ['0100001000mmmnnn', test],
  ['0100001100mmmddd', logical((a, b) => a | b)],
  ['0100001101nnnddd', logical((a, b) => Math.imul(a, b))],
  ['0100001110mmmddd', logical((a, b) => a & ~b)],
  ['0100001111mmmddd', logical((_, b) => ~b)],
  ['1011001000mmmddd', transform(signed16)],
  ['1011001001mmmddd', transform((value) => (value << 24) >> 24)],
  ['1011001010mmmddd', transform((value) => value & 0xffff)],
  ['1011001011mmmddd', transform((value) => value & 0xff)],
  ['1011101000mmmddd', transform((value) => swapHalves(swapInHalves(value)))],
  ['1011101001mmmddd', transform(swapInHalves)],
  ['1011101011mmmddd', transform((value) => signed16(swapInHalves(value)))],
];
