import { sramBase, sramBytes, stripedBits } from '../chip/address-map';
import { memoryMap } from '../chip/memory-map';
import { pushIsWithin } from '../runtime/elsewhere';
import { low, lr, sp } from '../thumb/instruction';
import { op } from '../wasm/opcodes';
import type { BlockWriter } from './block-writer';
import { codeAddress, pushIsNoReturn } from './branches';
import type { Held } from './held';
import { correctCount, pushIsNoCode, pushMoved } from './sram-access';
import type { Translation } from './translation';

/** Numbers of the registers in a list of eight. */
function registersOf(list: number): number[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].filter((register) => (list >>> register) & 1);
}

/**
 * Checks that `count` words from an offset in SRAM on are there and that, when they are written, none
 * of them is code: else the interpreter executes the instruction.
 *
 * @param pushIsFit pushes a further condition, for which the words may be read
 */
function leaveUnlessWords(
  writer: BlockWriter,
  offset: Held,
  count: number,
  use: 'load' | 'store',
  pushIsFit?: () => void,
): void {
  const { code } = writer;
  const last = 4 * (count - 1);
  code.open(op.block);
  code.open(op.block);
  pushIsWithin(code, offset.push, sramBytes - last, 2);
  code.op(op.i32_eqz);
  code.branch(op.br_if, 0);
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
  if (pushIsFit) {
    pushIsFit();
    code.op(op.i32_and);
  }
  code.branch(op.br_if, 1);
  code.close();
  writer.leaveBefore()();
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
  leaveUnlessWords(writer, offset, count, 'store');
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
  if (!returns) {
    leaveUnlessWords(writer, offset, count, 'load');
    countWords(writer, offset, count);
    loadWords(writer, offset, registers);
    setAddress(writer, sp, offset, 4 * count);
    return writer.spend(1 + count);
  }
  const pushTarget = () => {
    offset.push();
    code.access(op.i32_load, 2, memoryMap.sram + 4 * registers.length);
  };
  leaveUnlessWords(writer, offset, count, 'load', () => {
    pushTarget();
    pushIsNoReturn(writer, writer.hold());
    code.op(op.i32_eqz);
  });
  countWords(writer, offset, count);
  pushTarget();
  const target = writer.hold();
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
  leaveUnlessWords(writer, offset, registers.length, 'store');
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
  leaveUnlessWords(writer, offset, registers.length, 'load');
  countWords(writer, offset, registers.length);
  loadWords(writer, offset, registers);
  if (!registers.includes(base)) setAddress(writer, base, offset, 4 * registers.length);
  writer.spend(1 + registers.length);
};

/** Instructions of `memory` in thumb/ that load or store lists of registers. */
export const lists: readonly (readonly [string, Translation])[] = [
  ['1011010rrrrrrrrr', push],
  ['1011110rrrrrrrrr', pop],
  ['11000nnnrrrrrrrr', storeMultiple],
  ['11001nnnrrrrrrrr', loadMultiple],
];
