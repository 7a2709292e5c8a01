import {
  flashBase,
  ownSio,
  sioBase,
  sramBase,
  sramBytes,
  stripedBits,
} from '../chip/address-map';
import { memoryMap } from '../chip/memory-map';
import { low, lr, sp } from '../thumb/instruction';
import { op, type Op } from '../wasm/opcodes';
import type { BlockWriter } from './block-writer';
import { codeAddress, leaveUnlessReturn } from './branches';
import type { Held } from './held';
import { imported, local, parameter } from './locals';
import type { Translation } from './translation';

/** How a value of memory is accessed, and the binary logarithm of its bytes. */
interface Width {
  load: Op;
  store: Op;
  log2Bytes: 0 | 1 | 2;
}

const word: Width = { load: op.i32_load, store: op.i32_store, log2Bytes: 2 };
const half: Width = { load: op.i32_load16_u, store: op.i32_store16, log2Bytes: 1 };
const byte: Width = { load: op.i32_load8_u, store: op.i32_store8, log2Bytes: 0 };
const signedHalf: Width = { ...half, load: op.i32_load16_s };
const signedByte: Width = { ...byte, load: op.i32_load8_s };

/** Every access to SRAM or flash takes two cycles, waits aside. */
const accessCycles = 2;
/** Bytes of the flash's cached window. */
const windowBytes = 1 << 24;
/** Translated code in SRAM is marked in units of this many bytes, as their binary logarithm. */
export const codeUnitBits = 5;

/**
 * Pushes an address that an instruction computes from registers, moved by a constant: offsets into
 * memories cost no instruction of their own.
 */
type Address = (writer: BlockWriter, opcode: number, moved: number) => void;

function pushMoved(writer: BlockWriter, register: number, by: number): void {
  writer.read(register);
  writer.code.constant(by);
  writer.code.op(op.i32_add);
}

const indexed: Address = (writer, opcode, moved) => {
  writer.read(low(opcode, 3));
  pushMoved(writer, low(opcode, 6), moved);
  writer.code.op(op.i32_add);
};

function displaced(log2Bytes: number): Address {
  return (writer, opcode, moved) =>
    pushMoved(writer, low(opcode, 3), (((opcode >>> 6) & 31) << log2Bytes) + moved);
}

const onStack: Address = (writer, opcode, moved) =>
  pushMoved(writer, sp, ((opcode & 0xff) << 2) + moved);

/** Pushes whether an offset is aligned and below a number of bytes. */
function pushIsWithin({ code }: BlockWriter, { push }: Held, bytes: number, log2: number): void {
  push();
  // What is not aligned becomes a large number.
  if (log2 > 0) {
    code.constant(log2);
    code.op(op.i32_rotr);
  }
  code.constant(bytes >>> log2);
  code.op(op.i32_lt_u);
}

/** An offset in SRAM as one in another memory. */
function from(writer: BlockWriter, { push }: Held, base: number): Held {
  push();
  writer.code.constant(sramBase - base);
  writer.code.op(op.i32_add);
  return writer.hold();
}

/** Takes back accesses that were counted as such to the banks, where they were to scratch banks. */
function correctCount({ code }: BlockWriter, offset: Held, count = 1): void {
  code.get(local.sramAccesses);
  offset.push();
  code.constant(stripedBits);
  code.op(op.i32_shr_u);
  if (count > 1) {
    code.constant(count);
    code.op(op.i32_mul);
  }
  code.op(op.i32_sub);
  code.set(local.sramAccesses);
}

/** Notes an access to the flash at an offset there, and waits for it. */
function touch({ code }: BlockWriter, offset: Held): void {
  code.get(local.cycles);
  offset.push();
  code.call(imported.touch);
  code.op(op.i32_add);
  code.set(local.cycles);
}

/** Pushes whether a word at an offset in SIO is a register that the core has for itself. */
function pushIsOwn(writer: BlockWriter, offset: Held): void {
  const { code } = writer;
  offset.push();
  code.constant(ownSio.first);
  code.op(op.i32_sub);
  pushIsWithin(writer, writer.hold(), ownSio.end - ownSio.first, 2);
  offset.push();
  code.constant(ownSio.coreNumber);
  code.op(op.i32_eq, op.i32_or);
}

/**
 * Accesses to the core's own registers; `access` makes one with the core's state and the offset on
 * the stack. SIO answers in one cycle, and its instruction is charged an access to SRAM that takes
 * two.
 */
function accessOwn(
  writer: BlockWriter,
  offset: Held,
  { fetch, leave, access }: Record<'fetch' | 'leave' | 'access', () => void>,
): void {
  const { code } = writer;
  const own = from(writer, offset, sioBase);
  pushIsOwn(writer, own);
  code.open(op.if);
  fetch();
  code.get(parameter.core);
  own.push();
  access();
  writer.add(local.sramAccesses, -1);
  writer.add(local.cycles, -1);
  code.else();
  leave();
  code.close();
}

/** Loads from SRAM, flash and the core's own registers; the interpreter does anything else. */
function load(width: Width, address: Address, target = 0): Translation {
  return (writer, opcode) => {
    const { code } = writer;
    const { log2Bytes } = width;
    const register = low(opcode, target);
    address(writer, opcode, -sramBase);
    const offset = writer.hold();
    const leave = writer.leaveBefore();
    const fetch = writer.fetching();
    writer.countAccesses(1);
    pushIsWithin(writer, offset, sramBytes, log2Bytes);
    code.open(op.if);
    fetch();
    offset.push();
    code.access(width.load, log2Bytes, memoryMap.sram);
    writer.write(register);
    correctCount(writer, offset);
    code.else();
    const inFlash = from(writer, offset, flashBase);
    pushIsWithin(writer, inFlash, windowBytes, log2Bytes);
    code.open(op.if);
    fetch();
    inFlash.push();
    code.access(width.load, log2Bytes, memoryMap.flash);
    writer.write(register);
    touch(writer, inFlash);
    writer.add(local.sramAccesses, -1);
    writer.add(local.flashAccesses, 1);
    writer.leaveAfterWhenLate(accessCycles);
    code.else();
    if (width === word) {
      const access = () => {
        code.call(imported.loadOwn);
        writer.write(register);
      };
      accessOwn(writer, offset, { fetch, leave, access });
    } else leave();
    code.close();
    code.close();
    writer.spend(accessCycles);
  };
}

/** Pushes whether an offset in SRAM, moved by some bytes, is not beside translated code. */
function pushIsNoCode({ code }: BlockWriter, { push }: Held, moved = 0): void {
  push();
  if (moved > 0) {
    code.constant(moved);
    code.op(op.i32_add);
  }
  code.constant(codeUnitBits);
  code.op(op.i32_shr_u);
  code.access(op.i32_load8_u, 0, memoryMap.code);
  code.op(op.i32_eqz);
}

function store(width: Width, address: Address, source = 0): Translation {
  return (writer, opcode) => {
    const { code } = writer;
    const { log2Bytes } = width;
    const register = low(opcode, source);
    address(writer, opcode, -sramBase);
    const offset = writer.hold();
    const leave = writer.leaveBefore();
    const fetch = writer.fetching();
    writer.countAccesses(1);
    pushIsWithin(writer, offset, sramBytes, log2Bytes);
    code.open(op.if);
    pushIsNoCode(writer, offset);
    code.op(op.i32_eqz);
    code.open(op.if);
    leave();
    code.close();
    fetch();
    offset.push();
    writer.read(register);
    code.access(width.store, log2Bytes, memoryMap.sram);
    correctCount(writer, offset);
    code.else();
    if (width === word) {
      const access = () => {
        writer.read(register);
        code.call(imported.storeOwn);
      };
      accessOwn(writer, offset, { fetch, leave, access });
    } else leave();
    code.close();
    writer.spend(accessCycles);
  };
}

/** A constant of the program, whose address is known when the block is written. */
const literal: Translation = (writer, opcode) => {
  const { code } = writer;
  const address = ((writer.address + 4) & ~3) + ((opcode & 0xff) << 2);
  const register = low(opcode, 8);
  if (!writer.inFlash && address > sramBase + sramBytes - 4) return false;
  writer.fetch();
  code.constant(0);
  if (writer.inFlash) {
    code.access(word.load, 2, memoryMap.flash + (address - flashBase));
    writer.write(register);
    writer.add(local.flashAccesses, 1);
    writer.touch(address);
    writer.leaveAfterWhenLate(accessCycles);
  } else {
    const offset = address - sramBase;
    code.access(word.load, 2, memoryMap.sram + offset);
    writer.write(register);
    writer.countAccesses(1 - (offset >>> stripedBits));
  }
  writer.spend(accessCycles);
};

/** Numbers of the registers in a list of eight. */
function registersOf(list: number): number[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].filter((register) => (list >>> register) & 1);
}

/**
 * Checks that `count` words from an offset in SRAM on are there and that, when they are written, none
 * of them is code: else the interpreter executes the instruction.
 */
function leaveUnlessWords(
  writer: BlockWriter,
  offset: Held,
  count: number,
  use: 'load' | 'store',
  leave: () => void,
): void {
  const { code } = writer;
  const last = 4 * (count - 1);
  pushIsWithin(writer, offset, sramBytes - last, 2);
  code.op(op.i32_eqz);
  code.open(op.if);
  leave();
  code.close();
  // Lists across the end of the banks are counted by the interpreter.
  offset.push();
  offset.push();
  code.constant(last);
  code.op(op.i32_add, op.i32_xor);
  code.constant(stripedBits);
  code.op(op.i32_shr_u, op.i32_eqz);
  if (use === 'store') {
    // At most 36 bytes: no unit of code between the two ends is missed.
    pushIsNoCode(writer, offset);
    code.op(op.i32_and);
    pushIsNoCode(writer, offset, last);
    code.op(op.i32_and);
  }
  code.op(op.i32_eqz);
  code.open(op.if);
  leave();
  code.close();
}

function countWords(writer: BlockWriter, offset: Held, count: number): void {
  writer.fetch();
  writer.countAccesses(count);
  correctCount(writer, offset, count);
}

function loadWords(writer: BlockWriter, offset: Held, registers: readonly number[]): void {
  registers.forEach((register, at) => {
    offset.push();
    writer.code.access(op.i32_load, 2, memoryMap.sram + 4 * at);
    writer.write(register);
  });
}

function storeWords(writer: BlockWriter, offset: Held, registers: readonly number[]): void {
  registers.forEach((register, at) => {
    offset.push();
    writer.read(register);
    writer.code.access(op.i32_store, 2, memoryMap.sram + 4 * at);
  });
}

/** Sets a register to an offset in SRAM, as an address, moved by some bytes. */
function setAddress(writer: BlockWriter, register: number, offset: Held, moved: number): void {
  offset.push();
  writer.code.constant(sramBase + moved);
  writer.code.op(op.i32_add);
  writer.write(register);
}

const linkBit = 0x100;

const push: Translation = (writer, opcode) => {
  const registers = registersOf(opcode & 0xff);
  if (opcode & linkBit) registers.push(lr);
  const count = registers.length;
  if (count === 0) return false;
  pushMoved(writer, sp, -4 * count - sramBase);
  const offset = writer.hold();
  leaveUnlessWords(writer, offset, count, 'store', writer.leaveBefore());
  countWords(writer, offset, count);
  storeWords(writer, offset, registers);
  setAddress(writer, sp, offset, 0);
  writer.spend(1 + count);
};

const pop: Translation = (writer, opcode) => {
  const { code } = writer;
  const registers = registersOf(opcode & 0xff);
  const returns = (opcode & linkBit) !== 0;
  const count = registers.length + (returns ? 1 : 0);
  if (count === 0) return false;
  pushMoved(writer, sp, -sramBase);
  const offset = writer.hold();
  const leave = writer.leaveBefore();
  leaveUnlessWords(writer, offset, count, 'load', leave);
  if (!returns) {
    countWords(writer, offset, count);
    loadWords(writer, offset, registers);
    setAddress(writer, sp, offset, 4 * count);
    return writer.spend(1 + count);
  }
  offset.push();
  code.access(op.i32_load, 2, memoryMap.sram + 4 * registers.length);
  const target = writer.hold();
  leaveUnlessReturn(writer, target, leave);
  countWords(writer, offset, count);
  loadWords(writer, offset, registers);
  setAddress(writer, sp, offset, 4 * count);
  writer.branchBack(codeAddress(writer, target), 3 + count);
  writer.ended = true;
};

const storeMultiple: Translation = (writer, opcode) => {
  const base = low(opcode, 8);
  const registers = registersOf(opcode & 0xff);
  if (registers.length === 0) return false;
  pushMoved(writer, base, -sramBase);
  const offset = writer.hold();
  leaveUnlessWords(writer, offset, registers.length, 'store', writer.leaveBefore());
  countWords(writer, offset, registers.length);
  storeWords(writer, offset, registers);
  setAddress(writer, base, offset, 4 * registers.length);
  writer.spend(1 + registers.length);
};

const loadMultiple: Translation = (writer, opcode) => {
  const base = low(opcode, 8);
  const registers = registersOf(opcode & 0xff);
  if (registers.length === 0) return false;
  pushMoved(writer, base, -sramBase);
  const offset = writer.hold();
  leaveUnlessWords(writer, offset, registers.length, 'load', writer.leaveBefore());
  countWords(writer, offset, registers.length);
  loadWords(writer, offset, registers);
  if (!registers.includes(base)) setAddress(writer, base, offset, 4 * registers.length);
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
