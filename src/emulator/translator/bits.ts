import { low } from '../thumb/instruction';
import { op, type Op } from '../wasm/opcodes';
import type { BlockWriter } from './block-writer';
import { computed, type Held } from './held';
import type { Translation } from './translation';

/** Pushes a value shifted by a constant of 1 to 32; returns by how much its carry is to be shifted. */
type ConstantShift = (writer: BlockWriter, value: Held, count: number) => number;

function pushShifted({ code }: BlockWriter, value: Held, shift: Op, count: number): void {
  value.push();
  code.constant(count);
  code.op(shift);
}

const shiftLeft: ConstantShift = (writer, value, count) => {
  pushShifted(writer, value, op.i32_shl, count);
  return 32 - count;
};

const shiftRight: ConstantShift = (writer, value, count) => {
  if (count < 32) pushShifted(writer, value, op.i32_shr_u, count);
  else writer.code.constant(0);
  return count - 1;
};

const shiftRightSigned: ConstantShift = (writer, value, count) => {
  pushShifted(writer, value, op.i32_shr_s, Math.min(count, 31));
  return count - 1;
};

/** Writes the value on the stack to a register, with N and Z; returns it. */
function setResult(writer: BlockWriter, register: number): Held {
  const result = writer.hold();
  result.push();
  writer.write(register);
  writer.setResultFlags(result);
  writer.spend(1);
  return result;
}

/** `zeroMeans`: what the encoding 0 of the count stands for. */
function byConstant(shift: ConstantShift, zeroMeans: 0 | 32): Translation {
  return (writer, opcode) => {
    const value = writer.holdRegister(low(opcode, 3));
    const count = (opcode >>> 6) & 31 || zeroMeans;
    if (count === 0) {
      value.push();
      setResult(writer, low(opcode, 0));
      return;
    }
    const carry = shift(writer, value, count);
    setResult(writer, low(opcode, 0));
    writer.flags.C = computed([value], () => {
      pushShifted(writer, value, op.i32_shr_u, carry);
      writer.code.constant(1);
      writer.code.op(op.i32_and);
    });
  };
}

/** The same for a count of 0 to 255 in a value; each pushes. */
interface VariableShift {
  result: (writer: BlockWriter, value: Held, count: Held) => void;
  /** The carry, as the lowest bit; of no importance for a count of 0. */
  carry: (writer: BlockWriter, value: Held, count: Held, result: Held) => void;
}

/** Pushes whether a count is at most 32, or at most 31. */
function pushAtMost({ code }: BlockWriter, count: Held, limit: 31 | 32): void {
  count.push();
  code.constant(limit);
  code.op(op.i32_le_u);
}

/** A shift that leaves nothing for counts above 31; `from` pushes how far the carry is shifted. */
function shiftBy(shift: Op, from: (writer: BlockWriter, count: Held) => void): VariableShift {
  return {
    result: (writer, value, count) => {
      value.push();
      count.push();
      writer.code.op(shift);
      writer.code.constant(0);
      pushAtMost(writer, count, 31);
      writer.code.op(op.select);
    },
    carry: (writer, value, count) => {
      value.push();
      from(writer, count);
      writer.code.op(op.i32_shr_u);
      pushAtMost(writer, count, 32);
      writer.code.op(op.i32_and);
    },
  };
}

const shiftLeftBy = shiftBy(op.i32_shl, ({ code }, count) => {
  code.constant(32);
  count.push();
  code.op(op.i32_sub);
});

function pushOneLess({ code }: BlockWriter, count: Held): void {
  count.push();
  code.constant(1);
  code.op(op.i32_sub);
}

const shiftRightBy = shiftBy(op.i32_shr_u, pushOneLess);

/** Pushes a value shifted by a distance, or as far as the sign goes. */
function pushSigned(writer: BlockWriter, value: Held, distance: () => void, is: () => void): void {
  const { code } = writer;
  value.push();
  distance();
  code.constant(31);
  is();
  code.op(op.select, op.i32_shr_s);
}

const shiftRightSignedBy: VariableShift = {
  result: (writer, value, count) =>
    pushSigned(writer, value, count.push, () => pushAtMost(writer, count, 31)),
  carry: (writer, value, count) =>
    pushSigned(
      writer,
      value,
      () => pushOneLess(writer, count),
      () => pushAtMost(writer, count, 32),
    ),
};

const rotateRightBy: VariableShift = {
  result: ({ code }, value, count) => {
    value.push();
    count.push();
    code.op(op.i32_rotr);
  },
  carry: (writer, _value, _count, result) => pushShifted(writer, result, op.i32_shr_u, 31),
};

function byRegister(shift: VariableShift): Translation {
  return (writer, opcode) => {
    const { code } = writer;
    const value = writer.holdRegister(low(opcode, 0));
    writer.read(low(opcode, 3));
    code.constant(0xff);
    code.op(op.i32_and);
    const count = writer.hold();
    writer.flags.C.push();
    const before = writer.hold();
    shift.result(writer, value, count);
    const result = setResult(writer, low(opcode, 0));
    writer.flags.C = computed([value, count, before, result], () => {
      shift.carry(writer, value, count, result);
      code.constant(1);
      code.op(op.i32_and);
      before.push();
      count.push();
      code.op(op.select);
    });
  };
}

/** Rdn = Rdn op Rm; `change` is done to Rm before. */
function logical(combine: Op, change?: (writer: BlockWriter) => void): Translation {
  return (writer, opcode) => {
    writer.read(low(opcode, 0));
    writer.read(low(opcode, 3));
    change?.(writer);
    writer.code.op(combine);
    setResult(writer, low(opcode, 0));
  };
}

function invert({ code }: BlockWriter): void {
  code.constant(-1);
  code.op(op.i32_xor);
}

const moveInverted: Translation = (writer, opcode) => {
  writer.read(low(opcode, 3));
  invert(writer);
  setResult(writer, low(opcode, 0));
};

const test: Translation = (writer, opcode) => {
  writer.read(low(opcode, 0));
  writer.read(low(opcode, 3));
  writer.code.op(op.i32_and);
  writer.setResultFlags(writer.hold());
  writer.spend(1);
};

/** Rd = f(Rm), without flags; `change` takes the value from the stack. */
function transform(change: (writer: BlockWriter) => void): Translation {
  return (writer, opcode) => {
    writer.read(low(opcode, 3));
    change(writer);
    writer.write(low(opcode, 0));
    writer.spend(1);
  };
}

/** Swaps the bytes of both halves of the value on the stack. */
function swapInHalves(writer: BlockWriter): void {
  const { code } = writer;
  const value = writer.hold();
  const bytes = 0x00ff00ff;
  value.push();
  code.constant(bytes);
  code.op(op.i32_and);
  code.constant(8);
  code.op(op.i32_shl);
  pushShifted(writer, value, op.i32_shr_u, 8);
  code.constant(bytes);
  code.op(op.i32_and, op.i32_or);
}

function mask(bits: number): (writer: BlockWriter) => void {
  return ({ code }) => {
    code.constant(bits);
    code.op(op.i32_and);
  };
}

/** The counterpart of `bits` in thumb/. */
export const bits: readonly (readonly [string, Translation])[] = [
  ['00000iiiiimmmddd', byConstant(shiftLeft, 0)],
  ['00001iiiiimmmddd', byConstant(shiftRight, 32)],
  ['00010iiiiimmmddd', byConstant(shiftRightSigned, 32)],
  ['0100000000mmmddd', logical(op.i32_and)],
  ['0100000001mmmddd', logical(op.i32_xor)],
  ['0100000010mmmddd', byRegister(shiftLeftBy)],
  ['0100000011mmmddd', byRegister(shiftRightBy)],
  ['0100000100mmmddd', byRegister(shiftRightSignedBy)],
  ['0100000111mmmddd', byRegister(rotateRightBy)],
  ['0100001000mmmnnn', test],
  ['0100001100mmmddd', logical(op.i32_or)],
  ['0100001101nnnddd', logical(op.i32_mul)],
  ['0100001110mmmddd', logical(op.i32_and, invert)],
  ['0100001111mmmddd', moveInverted],
  ['1011001000mmmddd', transform(({ code }) => code.op(op.i32_extend16_s))],
  ['1011001001mmmddd', transform(({ code }) => code.op(op.i32_extend8_s))],
  ['1011001010mmmddd', transform(mask(0xffff))],
  ['1011001011mmmddd', transform(mask(0xff))],
  [
    '1011101000mmmddd',
    transform((writer) => {
      swapInHalves(writer);
      writer.code.constant(16);
      writer.code.op(op.i32_rotl);
    }),
  ],
  ['1011101001mmmddd', transform(swapInHalves)],
  [
    '1011101011mmmddd',
    transform((writer) => {
      swapInHalves(writer);
      writer.code.op(op.i32_extend16_s);
    }),
  ],
];
