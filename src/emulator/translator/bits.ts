import { low } from '../thumb/instruction';
import type { BlockWriter } from './block-writer';
import type { Translation } from './translation';

/** The expression of a value shifted by a constant of 1 to 32, and that of the carry. */
type ConstantShift = (value: string, count: number) => { result: string; carry: string };

const shiftLeft: ConstantShift = (value, count) => ({
  result: `${value}<<${count}`,
  carry: `(${value}>>>${32 - count}&1)===1`,
});

const shiftRight: ConstantShift = (value, count) => ({
  result: count < 32 ? `${value}>>>${count}|0` : '0',
  carry: `(${value}>>>${count - 1}&1)===1`,
});

const shiftRightSigned: ConstantShift = (value, count) => ({
  result: `${value}>>${Math.min(count, 31)}`,
  carry: `(${value}>>>${count - 1}&1)===1`,
});

/** The same for a count of 0 to 255 in a variable; 0 leaves the carry alone. */
type VariableShift = (value: string, count: string, carry: string) => ReturnType<ConstantShift>;

const shiftLeftBy: VariableShift = (value, count, carry) => ({
  result: `${count}<32?${value}<<${count}:0`,
  carry: `(${count}===0?${carry}:${count}<=32&&(${value}>>>(32-${count})&1)===1)`,
});

const shiftRightBy: VariableShift = (value, count, carry) => ({
  result: `${count}<32?${value}>>>${count}|0:0`,
  carry: `(${count}===0?${carry}:${count}<=32&&(${value}>>>(${count}-1)&1)===1)`,
});

const shiftRightSignedBy: VariableShift = (value, count, carry) => ({
  result: `${value}>>(${count}<32?${count}:31)`,
  carry: `(${count}===0?${carry}:(${value}>>(${count}<=32?${count}-1:31)&1)===1)`,
});

const rotateRightBy: VariableShift = (value, count, carry) => {
  const turns = `(${count}&31)`;
  const result = `(${value}>>>${turns}|${value}<<(32-${turns}))`;
  return { result, carry: `(${count}===0?${carry}:${result}<0)` };
};

function setResult(writer: BlockWriter, register: number, expression: string): void {
  const result = writer.define(expression);
  writer.write(register, result);
  writer.setResultFlags(result);
  writer.spend(1);
}

/** `zeroMeans`: what the encoding 0 of the count stands for. */
function byConstant(shift: ConstantShift, zeroMeans: 0 | 32): Translation {
  return (writer, opcode) => {
    const value = writer.define(writer.read(low(opcode, 3)));
    const count = (opcode >>> 6) & 31 || zeroMeans;
    if (count === 0) return setResult(writer, low(opcode, 0), value);
    const { result, carry } = shift(value, count);
    setResult(writer, low(opcode, 0), result);
    writer.flags.C = carry;
  };
}

function byRegister(shift: VariableShift): Translation {
  return (writer, opcode) => {
    const value = writer.define(writer.read(low(opcode, 0)));
    const count = writer.define(`${writer.read(low(opcode, 3))}&255`);
    const { result, carry } = shift(value, count, writer.define(writer.flags.C));
    setResult(writer, low(opcode, 0), result);
    writer.flags.C = carry;
  };
}

function logical(combine: (a: string, b: string) => string): Translation {
  return (writer, opcode) => {
    const [a, b] = [writer.read(low(opcode, 0)), writer.read(low(opcode, 3))];
    setResult(writer, low(opcode, 0), combine(a, b));
  };
}

function transform(change: (value: string) => string): Translation {
  return (writer, opcode) => {
    writer.write(low(opcode, 0), change(writer.read(low(opcode, 3))));
    writer.spend(1);
  };
}

const test: Translation = (writer, opcode) => {
  const [a, b] = [writer.read(low(opcode, 0)), writer.read(low(opcode, 3))];
  writer.setResultFlags(writer.define(`${a}&${b}`));
  writer.spend(1);
};

const swapInHalves = (value: string): string => `((${value}&0xff00ff)<<8|${value}>>>8&0xff00ff)`;
const swapHalves = (value: string): string => `(${value}<<16|${value}>>>16)`;

/** The counterpart of `bits` in thumb/. */
export const bits: readonly (readonly [string, Translation])[] = [
  ['00000iiiiimmmddd', byConstant(shiftLeft, 0)],
  ['00001iiiiimmmddd', byConstant(shiftRight, 32)],
  ['00010iiiiimmmddd', byConstant(shiftRightSigned, 32)],
  ['0100000000mmmddd', logical((a, b) => `${a}&${b}`)],
  ['0100000001mmmddd', logical((a, b) => `${a}^${b}`)],
  ['0100000010mmmddd', byRegister(shiftLeftBy)],
  ['0100000011mmmddd', byRegister(shiftRightBy)],
  ['0100000100mmmddd', byRegister(shiftRightSignedBy)],
  ['0100000111mmmddd', byRegister(rotateRightBy)],
  ['0100001000mmmnnn', test],
  ['0100001100mmmddd', logical((a, b) => `${a}|${b}`)],
  ['0100001101nnnddd', logical((a, b) => `Math.imul(${a},${b})`)],
  ['0100001110mmmddd', logical((a, b) => `${a}&~${b}`)],
  ['0100001111mmmddd', logical((_, b) => `~${b}`)],
  ['1011001000mmmddd', transform((value) => `${value}<<16>>16`)],
  ['1011001001mmmddd', transform((value) => `${value}<<24>>24`)],
  ['1011001010mmmddd', transform((value) => `${value}&0xffff`)],
  ['1011001011mmmddd', transform((value) => `${value}&0xff`)],
  ['1011101000mmmddd', transform((value) => swapInHalves(swapHalves(value)))],
  ['1011101001mmmddd', transform(swapInHalves)],
  ['1011101011mmmddd', transform((value) => `${swapInHalves(value)}<<16>>16`)],
];
