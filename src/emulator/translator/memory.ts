import { flashBase, flashMask, sramBase, sramBytes, stripedBits } from '../chip/address-map';
import { low, lr, sp } from '../thumb/instruction';
import type { BlockWriter } from './block-writer';
import type { Translation } from './translation';

/**
 * How a value of memory is accessed: views of the same name on SRAM (`m`) and flash (`f`), and the
 * binary logarithm of its bytes.
 */
interface Width {
  view: string;
  log2Bytes: 0 | 1 | 2;
}

const word: Width = { view: '32', log2Bytes: 2 };
const half: Width = { view: '16', log2Bytes: 1 };
const byte: Width = { view: '8', log2Bytes: 0 };
const signedHalf: Width = { view: 's16', log2Bytes: 1 };
const signedByte: Width = { view: 's8', log2Bytes: 0 };

/** Every access to SRAM or flash takes two cycles, waits aside. */
const accessCycles = 2;
const flashTop = flashBase >>> 24;
/** Translated code in SRAM is marked in units of this many bytes, as their binary logarithm. */
export const codeUnitBits = 5;

/**
 * An offset into SRAM, in units of the width, as an expression that is too large for one that is
 * outside or unaligned.
 */
function unitOf(offset: string, { log2Bytes }: Width): string {
  if (log2Bytes === 0) return `${offset}>>>0`;
  return `(${offset}>>>${log2Bytes}|${offset}<<${32 - log2Bytes})>>>0`;
}

type Address = (writer: BlockWriter, opcode: number) => string;

const indexed: Address = (writer, opcode) =>
  `${writer.read(low(opcode, 3))}+${writer.read(low(opcode, 6))}`;

function displaced(log2Bytes: number): Address {
  return (writer, opcode) => `${writer.read(low(opcode, 3))}+${((opcode >>> 6) & 31) << log2Bytes}`;
}

const onStack: Address = (writer, opcode) => `${writer.read(sp)}+${(opcode & 0xff) << 2}`;

/**
 * What an access to a register that the core has for itself takes off the two cycles and the access
 * to SRAM that its instruction is charged: SIO answers in one cycle.
 */
const ownRegister = 'w--;c--;';

/** Loads from SRAM, flash and the core's own registers; the interpreter does anything else. */
function load(width: Width, from: Address, target = 0): Translation {
  return (writer, opcode) => {
    const { view, log2Bytes } = width;
    const address = writer.define(`${from(writer, opcode)}|0`);
    const offset = writer.define(`${address}-${sramBase}|0`);
    const unit = writer.define(unitOf(offset, width));
    const inSram = `${unit}<${sramBytes >>> log2Bytes}`;
    const aligned = log2Bytes === 0 ? '' : `&&(${address}&${(1 << log2Bytes) - 1})===0`;
    const inFlash = `${address}>>>24===${flashTop}${aligned}`;
    const value = writer.name();
    const leave = writer.leaveBefore();
    const fetch = writer.fetchSource();
    writer.countAccesses(1);
    writer.emit(
      `let ${value};if(${inSram}){${fetch}${value}=m${view}[${unit}];w-=${offset}>>>${stripedBits};}` +
        `else if(${inFlash}){${fetch}${value}=f${view}[(${address}&${flashMask})>>${log2Bytes}];` +
        `w--;f++;c+=touch(${address});`,
    );
    writer.write(low(opcode, target), value);
    writer.emit(`${writer.leaveAfterWhenLate(accessCycles)}}else`);
    writer.emit(
      width === word
        ? `{${value}=bus.loadOwn(${address});if(${value}===undefined)${leave}${fetch}${ownRegister}}`
        : leave,
    );
    writer.write(low(opcode, target), value);
    writer.spend(accessCycles);
  };
}

function store(width: Width, to: Address, source = 0): Translation {
  return (writer, opcode) => {
    const { view, log2Bytes } = width;
    const address = writer.define(`${to(writer, opcode)}|0`);
    const offset = writer.define(`${address}-${sramBase}|0`);
    const unit = writer.define(unitOf(offset, width));
    const value = writer.read(low(opcode, source));
    const leave = writer.leaveBefore();
    const fetch = writer.fetchSource();
    writer.countAccesses(1);
    writer.emit(
      `if(${unit}<${sramBytes >>> log2Bytes}&&code[${offset}>>${codeUnitBits}]===0)` +
        `{${fetch}m${view}[${unit}]=${value};w-=${offset}>>>${stripedBits};}else`,
    );
    writer.emit(
      width === word
        ? `{if(!bus.storeOwn(${address},${value}))${leave}${fetch}${ownRegister}}`
        : leave,
    );
    writer.spend(accessCycles);
  };
}

/** A constant of the program, whose address is known when the block is written. */
const literal: Translation = (writer, opcode) => {
  const address = ((writer.address + 4) & ~3) + ((opcode & 0xff) << 2);
  const register = low(opcode, 8);
  writer.fetch();
  if (writer.inFlash) {
    writer.emit(`f++;c+=touch(${address});`);
    writer.write(register, `f32[${(address & flashMask) >>> 2}]`);
    writer.emit(writer.leaveAfterWhenLate(accessCycles));
  } else {
    const offset = address - sramBase;
    writer.write(register, `m32[${offset >>> 2}]`);
    writer.countAccesses(1 - (offset >>> stripedBits));
  }
  writer.spend(accessCycles);
};

/** Numbers of the registers in a list of eight. */
function registersOf(list: number): number[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].filter((register) => (list >>> register) & 1);
}

/**
 * Checks that `count` words from an address on are in SRAM and that, when they are written, none of
 * them is code; returns the index of the first word and the number of words in the banks.
 */
function wordsInSram(
  writer: BlockWriter,
  address: string,
  count: number,
  use: 'load' | 'store',
): string {
  const offset = writer.define(`${address}-${sramBase}|0`);
  const first = writer.define(unitOf(offset, word));
  const limit = (sramBytes >>> 2) - count;
  // At most 36 bytes: no unit of code between the two ends is missed.
  const last = `${offset}+${4 * (count - 1)}`;
  const code =
    use === 'store'
      ? `||code[${offset}>>${codeUnitBits}]!==0||code[${last}>>${codeUnitBits}]!==0`
      : '';
  // Lists across the end of the banks are counted by the interpreter.
  const across = `||${offset}>>>${stripedBits}!==(${last})>>>${stripedBits}`;
  writer.emit(`if(${first}>${limit}${code}${across})${writer.leaveBefore()}`);
  writer.fetch();
  writer.countAccesses(count);
  writer.emit(`w-=${count}*(${offset}>>>${stripedBits});`);
  return first;
}

const linkBit = 0x100;

const push: Translation = (writer, opcode) => {
  const registers = registersOf(opcode & 0xff);
  if (opcode & linkBit) registers.push(lr);
  if (registers.length === 0) return false;
  const start = writer.define(`${writer.read(sp)}-${4 * registers.length}|0`);
  const first = wordsInSram(writer, start, registers.length, 'store');
  registers.forEach((register, at) => writer.emit(`m32[${first}+${at}]=${writer.read(register)};`));
  writer.write(sp, start);
  writer.spend(1 + registers.length);
};

const pop: Translation = (writer, opcode) => {
  const registers = registersOf(opcode & 0xff);
  const returns = (opcode & linkBit) !== 0;
  const count = registers.length + (returns ? 1 : 0);
  if (count === 0) return false;
  const start = writer.define(writer.read(sp));
  const first = writer.define(unitOf(`(${start}-${sramBase})`, word));
  const target = returns ? writer.define(`m32[${first}+${registers.length}]`) : '';
  // A return from an exception, or to what is not Thumb; undefined, outside of SRAM, is neither.
  if (returns) {
    writer.emit(`if(${target}>>>28===15||(${target}&1)===0)${writer.leaveBefore()}`);
  }
  wordsInSram(writer, start, count, 'load');
  registers.forEach((register, at) => writer.write(register, `m32[${first}+${at}]`));
  writer.write(sp, `${start}+${4 * count}|0`);
  if (!returns) return writer.spend(1 + count);
  writer.emit(writer.branchBack(`${target}&~1`, 3 + count));
  writer.ended = true;
};

const storeMultiple: Translation = (writer, opcode) => {
  const base = low(opcode, 8);
  const registers = registersOf(opcode & 0xff);
  if (registers.length === 0) return false;
  const start = writer.define(writer.read(base));
  const first = wordsInSram(writer, start, registers.length, 'store');
  registers.forEach((register, at) => writer.emit(`m32[${first}+${at}]=${writer.read(register)};`));
  writer.write(base, `${start}+${4 * registers.length}|0`);
  writer.spend(1 + registers.length);
};

const loadMultiple: Translation = (writer, opcode) => {
  const base = low(opcode, 8);
  const registers = registersOf(opcode & 0xff);
  if (registers.length === 0) return false;
  const start = writer.define(writer.read(base));
  const first = wordsInSram(writer, start, registers.length, 'load');
  registers.forEach((register, at) => writer.write(register, `m32[${first}+${at}]`));
  if (!registers.includes(base)) writer.write(base, `${start}+${4 * registers.length}|0`);
  writer.spend(1 + registers.length);
};

/** The counterpart of `memory` in thumb/. */
export const memory: readonly (readonly [string, Translation])[] = [
  ['01001tttiiiiiiii', literal],
  ['0101000mmmnnnttt', store(word, indexed)],
  ['0101001mmmnnnttt', store(half, indexed)],
  ['0101010mmmnnnttt', store(byte, indexed)],
  ['0101011mmmnnnttt', load(signedByte, indexed)],
  ['0101100mmmnnnttt', load(word, indexed)],
  ['0101101mmmnnnttt', load(half, indexed)],
  ['0101110mmmnnnttt', load(byte, indexed)],
  ['0101111mmmnnnttt', load(signedHalf, indexed)],
  ['01100iiiiinnnttt', store(word, displaced(2))],
  ['01101iiiiinnnttt', load(word, displaced(2))],
  ['01110iiiiinnnttt', store(byte, displaced(0))],
  ['01111iiiiinnnttt', load(byte, displaced(0))],
  ['10000iiiiinnnttt', store(half, displaced(1))],
  ['10001iiiiinnnttt', load(half, displaced(1))],
  ['10010tttiiiiiiii', store(word, onStack, 8)],
  ['10011tttiiiiiiii', load(word, onStack, 8)],
  ['1011010rrrrrrrrr', push],
  ['1011110rrrrrrrrr', pop],
  ['11000nnnrrrrrrrr', storeMultiple],
  ['11001nnnrrrrrrrr', loadMultiple],
];
