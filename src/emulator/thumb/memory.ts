import type { Core } from './core';
import { low, lr, sp, type Encoding, type Instruction } from './instruction';

/** Cycles of one access: SIO answers at once, the slow peripheral bus takes its time. */
function loadCycles(address: number): number {
  const region = address >>> 28;
  return region === 0xd ? 1 : region === 4 ? 4 : 2;
}

function storeCycles(address: number): number {
  const region = address >>> 28;
  return region === 0xd ? 1 : region === 4 ? 5 : 2;
}

type Address = (core: Core, opcode: number) => number;
type Load = (core: Core, address: number) => number;
type Store = (core: Core, address: number, value: number) => void;

/** Base register plus index register. */
const indexed: Address = (core, opcode) =>
  (core.get(low(opcode, 3)) + core.get(low(opcode, 6))) | 0;

/** Base register plus a constant that counts units of 1, 2 or 4 bytes. */
function displaced(log2Bytes: number): Address {
  return (core, opcode) => (core.get(low(opcode, 3)) + (((opcode >>> 6) & 31) << log2Bytes)) | 0;
}

const onStack: Address = (core, opcode) => (core.get(sp) + ((opcode & 0xff) << 2)) | 0;

const literal: Address = (core, opcode) => ((core.pcOperand & ~3) + ((opcode & 0xff) << 2)) | 0;

/** `target`: lowest bit of the field that names the register. */
function load(read: Load, from: Address, target = 0): Instruction {
  return (core, opcode) => {
    const address = from(core, opcode);
    core.set(low(opcode, target), read(core, address));
    return loadCycles(address);
  };
}

function store(write: Store, to: Address, source = 0): Instruction {
  return (core, opcode) => {
    const address = to(core, opcode);
    write(core, address, core.get(low(opcode, source)));
    return storeCycles(address);
  };
}

const load32: Load = (core, address) => core.bus.load32(address);
const load16: Load = (core, address) => core.bus.load16(address);
const load8: Load = (core, address) => core.bus.load8(address);
const loadSigned16: Load = (core, address) => (core.bus.load16(address) << 16) >> 16;
const loadSigned8: Load = (core, address) => (core.bus.load8(address) << 24) >> 24;
const store32: Store = (core, address, value) => core.bus.store32(address, value);
const store16: Store = (core, address, value) => core.bus.store16(address, value);
const store8: Store = (core, address, value) => core.bus.store8(address, value);

/** Loads the listed low registers from `address` upwards; returns the address behind them. */
function loadList(core: Core, list: number, address: number): number {
  for (let register = 0; list !== 0; register++, list >>>= 1) {
    if ((list & 1) === 0) continue;
    core.set(register, core.bus.load32(address));
    address += 4;
  }
  return address;
}

function storeList(core: Core, list: number, address: number): number {
  for (let register = 0; list !== 0; register++, list >>>= 1) {
    if ((list & 1) === 0) continue;
    core.bus.store32(address, core.get(register));
    address += 4;
  }
  return address;
}

const loadMultiple: Instruction = (core, opcode) => {
  const base = low(opcode, 8);
  const list = opcode & 0xff;
  const start = core.get(base);
  const end = loadList(core, list, start);
  // A base that is loaded itself is not written back.
  if (((list >>> base) & 1) === 0) core.set(base, end);
  return 1 + (end - start) / 4;
};

const storeMultiple: Instruction = (core, opcode) => {
  const base = low(opcode, 8);
  const start = core.get(base);
  const end = storeList(core, opcode & 0xff, start);
  core.set(base, end);
  return 1 + (end - start) / 4;
};

const linkBit = 0x100;

const pushed = (opcode: number): number => (opcode & 0xff) | ((opcode & linkBit) << (lr - 8));

const base: Address = (core, opcode) => core.get(low(opcode, 8));
const stackTop: Address = (core) => core.get(sp);
const belowStack: Address = (core, opcode) => (core.get(sp) - 4 * bitCount(pushed(opcode))) | 0;

const push: Instruction = (core, opcode) => {
  const list = pushed(opcode);
  const start = belowStack(core, opcode);
  storeList(core, list, start);
  core.set(sp, start);
  return 1 + bitCount(list);
};

const pop: Instruction = (core, opcode) => {
  const start = core.get(sp);
  const end = loadList(core, opcode & 0xff, start);
  const words = (end - start) / 4;
  if ((opcode & linkBit) === 0) {
    core.set(sp, end);
    return 1 + words;
  }
  const target = core.bus.load32(end);
  // The stack is given back first: returning from an exception takes its frame from there.
  core.set(sp, end + 4);
  core.BXWritePC(target);
  return 3 + words + 1;
};

function bitCount(list: number): number {
  let count = 0;
  for (; list !== 0; list &= list - 1) count++;
  return count;
}

/** An encoding, and where its instruction begins to access memory. */
type AccessEncoding = readonly [pattern: string, execute: Instruction, address: Address];

const loadOf = (pattern: string, read: Load, from: Address, target = 0): AccessEncoding => [
  pattern,
  load(read, from, target),
  from,
];

const storeOf = (pattern: string, write: Store, to: Address, source = 0): AccessEncoding => [
  pattern,
  store(write, to, source),
  to,
];

/** All instructions that access memory. */
export const accesses: readonly AccessEncoding[] = [
  loadOf('01001tttiiiiiiii', load32, literal, 8),
  storeOf('0101000mmmnnnttt', store32, indexed),
  storeOf('0101001mmmnnnttt', store16, indexed),
  storeOf('0101010mmmnnnttt', store8, indexed),
  loadOf('0101011mmmnnnttt', loadSigned8, indexed),
  loadOf('0101100mmmnnnttt', load32, indexed),
  loadOf('0101101mmmnnnttt', load16, indexed),
  loadOf('0101110mmmnnnttt', load8, indexed),
  loadOf('0101111mmmnnnttt', loadSigned16, indexed),
  storeOf('01100iiiiinnnttt', store32, displaced(2)),
  loadOf('01101iiiiinnnttt', load32, displaced(2)),
  storeOf('01110iiiiinnnttt', store8, displaced(0)),
  loadOf('01111iiiiinnnttt', load8, displaced(0)),
  storeOf('10000iiiiinnnttt', store16, displaced(1)),
  loadOf('10001iiiiinnnttt', load16, displaced(1)),
  storeOf('10010tttiiiiiiii', store32, onStack, 8),
  loadOf('10011tttiiiiiiii', load32, onStack, 8),
  ['1011010rrrrrrrrr', push, belowStack],
  ['1011110rrrrrrrrr', pop, stackTop],
  ['11000nnnrrrrrrrr', storeMultiple, base],
  ['11001nnnrrrrrrrr', loadMultiple, base],
];

export const memory: readonly Encoding[] = accesses.map(([pattern, execute]) => [pattern, execute]);
