import { stripedBits } from '../chip/address-map';
import { memoryMap } from '../chip/memory-map';
import { op } from '../wasm/opcodes';
import type { BlockWriter } from './block-writer';
import type { Held } from './held';
import { local } from './locals';

/** Translated code in SRAM is marked in units of this many bytes, as their binary logarithm. */
export const codeUnitBits = 5;

/** Pushes a register moved by a constant. */
export function pushMoved(writer: BlockWriter, register: number, by: number): void {
  writer.read(register);
  writer.code.constant(by);
  writer.code.op(op.i32_add);
}

/** Takes back accesses that were counted as such to the banks, where they were to scratch banks. */
export function correctCount({ code }: BlockWriter, offset: Held, count = 1): void {
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

/** Pushes whether an offset in SRAM, moved by some bytes, is not beside translated code. */
export function pushIsNoCode({ code }: BlockWriter, { push }: Held, moved = 0): void {
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
