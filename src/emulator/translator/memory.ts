import { flashBase, sioBase, sramBase, sramBytes, stripedBits } from '../chip/address-map';
import { coreField, memoryMap } from '../chip/memory-map';
import { pushIsWithin } from '../runtime/elsewhere';
import { low, sp } from '../thumb/instruction';
import { op, type Op } from '../wasm/opcodes';
import type { BlockWriter } from './block-writer';
import type { Fetch } from './fetch';
import type { Held } from './held';
import {
  isLoadForeseeable,
  isStoreForeseeable,
  loadForeseen,
  storeForeseen,
  type ForeseenAccess,
} from './interpolator-access';
import { imported, local, parameter } from './locals';
import { correctCount, pushIsNoCode, pushMoved } from './sram-access';
import type { Translation } from './translation';

/** How a value of memory is accessed, and the binary logarithm of its bytes. */
interface Width {
  load: Op;
  store: Op;
  /** What loads it from elsewhere than SRAM. */
  elsewhere: number;
  log2Bytes: 0 | 1 | 2;
}

const word: Width = {
  load: op.i32_load,
  store: op.i32_store,
  elsewhere: imported.loadWord,
  log2Bytes: 2,
};
const half: Width = {
  load: op.i32_load16_u,
  store: op.i32_store16,
  elsewhere: imported.loadHalf,
  log2Bytes: 1,
};
const byte: Width = {
  load: op.i32_load8_u,
  store: op.i32_store8,
  elsewhere: imported.loadByte,
  log2Bytes: 0,
};
const signedHalf: Width = {
  ...half,
  load: op.i32_load16_s,
  elsewhere: imported.loadSignedHalf,
};
const signedByte: Width = { ...byte, load: op.i32_load8_s, elsewhere: imported.loadSignedByte };

/** Every access to SRAM or flash takes two cycles, waits aside. */
const accessCycles = 2;
/**
 * Pushes an address that an instruction computes from registers, moved by a constant: offsets into
 * memories cost no instruction of their own.
 */
type Address = (writer: BlockWriter, opcode: number, moved: number) => void;

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

/**
 * Pushes what an access elsewhere than in SRAM needs: the core's state, the offset in SRAM, and the
 * address of a fetch from flash.
 */
function pushElsewhere({ code }: BlockWriter, offset: Held, fetch: Fetch): void {
  code.get(parameter.core);
  offset.push();
  fetch.push();
}

/** Pops the cycles of such an access, of which two are charged anyway; leaves the region if none. */
function finishElsewhere(writer: BlockWriter, fetch: Fetch, leave: () => void): void {
  const { code } = writer;
  const cycles = writer.hold();
  cycles.push();
  code.op(op.i32_eqz);
  code.open(op.if);
  leave();
  code.close();
  fetch.count();
  code.get(local.cycles);
  cycles.push();
  code.op(op.i32_add);
  code.constant(accessCycles);
  code.op(op.i32_sub);
  code.set(local.cycles);
}

/**
 * Writes an access of its own to the register of an interpolator that the instruction has accessed
 * before, beside that to anything else.
 */
function orForeseen(
  writer: BlockWriter,
  offset: Held,
  access: ForeseenAccess | undefined,
  {
    fetch,
    toForeseen,
    otherwise,
  }: { fetch: Fetch } & Record<'toForeseen' | 'otherwise', () => void>,
): void {
  if (!access) return otherwise();
  const { code } = writer;
  offset.push();
  code.constant(sioBase + access.offset - sramBase);
  code.op(op.i32_eq);
  code.open(op.if);
  fetch.count();
  fetch.touch();
  toForeseen();
  // SIO answers in one cycle, and is not SRAM.
  writer.add(local.sramAccesses, -1);
  writer.add(local.cycles, -1);
  code.else();
  otherwise();
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
    const otherwise = () => {
      pushIsWithin(code, offset.push, sramBytes, log2Bytes);
      code.open(op.if);
      fetch.count();
      fetch.touch();
      offset.push();
      code.access(width.load, log2Bytes, memoryMap.sram);
      writer.write(register);
      correctCount(writer, offset);
      code.else();
      pushElsewhere(writer, offset, fetch);
      code.get(local.late);
      code.get(local.cycles);
      code.op(op.i32_sub);
      code.call(width.elsewhere);
      finishElsewhere(writer, fetch, leave);
      code.get(parameter.core);
      code.access(op.i32_load, 2, coreField.value);
      writer.write(register);
      code.close();
    };
    const access = width === word ? writer.foreseen(isLoadForeseeable) : undefined;
    const toForeseen = () => access && loadForeseen(writer, register, access);
    orForeseen(writer, offset, access, { fetch, toForeseen, otherwise });
    writer.spend(accessCycles);
  };
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
    const otherwise = () => {
      code.open(op.block);
      code.open(op.block);
      pushIsWithin(code, offset.push, sramBytes, log2Bytes);
      code.op(op.i32_eqz);
      code.branch(op.br_if, 0);
      pushIsNoCode(writer, offset);
      code.op(op.i32_eqz);
      code.branch(op.br_if, 0);
      fetch.count();
      fetch.touch();
      offset.push();
      writer.read(register);
      code.access(width.store, log2Bytes, memoryMap.sram);
      correctCount(writer, offset);
      code.branch(op.br, 1);
      code.close();
      if (width === word) {
        pushElsewhere(writer, offset, fetch);
        writer.read(register);
        code.call(imported.storeWord);
        finishElsewhere(writer, fetch, leave);
      } else leave();
      code.close();
    };
    const access = width === word ? writer.foreseen(isStoreForeseeable) : undefined;
    const toForeseen = () => access && storeForeseen(writer, register, access);
    orForeseen(writer, offset, access, { fetch, toForeseen, otherwise });
    writer.spend(accessCycles);
  };
}

/** A constant of the program, whose address is known when the block is written. */
const literal: Translation = (writer, opcode) => {
  const { code } = writer;
  const address = ((writer.address + 4) & ~3) + ((opcode & 0xff) << 2);
  const offset = address - sramBase;
  if (!writer.inFlash && offset > sramBytes - 4) return false;
  writer.fetch();
  code.constant(0);
  if (writer.inFlash) {
    code.access(word.load, 2, memoryMap.flash + (address - flashBase));
    writer.readFlash(address);
  } else {
    code.access(word.load, 2, memoryMap.sram + offset);
    writer.countAccesses(1 - (offset >>> stripedBits));
  }
  writer.write(low(opcode, 8));
  writer.spend(accessCycles);
};

/** The counterpart of `memory` in thumb/, but for lists of registers. */
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
];
