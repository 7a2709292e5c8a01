import { flashCache } from '../../core/chip';
import { flashMask } from '../chip/address-map';
import { lineBits, setMask, tagShift } from '../chip/cache-place';
import { memoryMap } from '../chip/memory-map';
import { Code } from '../wasm/code';
import { op } from '../wasm/opcodes';

/** Which of the four windows of the flash an address is in: address bits 25 and 24. */
const window = { cached: 0, noAllocation: 1 } as const;
const noWay = 2;

const local = { address: 0, first: 1, set: 2, tag: 3, half: 4, way: 5 } as const;

/** An access to an address of the flash: parameter 0; returns the cycles that it waits. */
export function touchBody(): { body: Uint8Array; locals: number } {
  const code = new Code();
  const masked = (shift: number, mask: number, to: number): void => {
    code.get(local.address);
    code.constant(shift);
    code.op(op.i32_shr_u);
    code.constant(mask);
    code.op(op.i32_and);
    code.set(to);
  };
  masked(lineBits, setMask, local.set);
  code.get(local.set);
  code.constant(lineBits);
  code.op(op.i32_shl);
  code.set(local.first);
  masked(tagShift - 2, (flashMask >>> (tagShift - 2)) & ~3, local.tag);
  code.constant(1);
  code.get(local.address);
  code.constant(2);
  code.op(op.i32_shr_u);
  code.constant(1);
  code.op(op.i32_and, op.i32_shl);
  code.set(local.half);
  findWay(code);
  noteHit(code);
  countMiss(code);
  pushWindow(code);
  code.op(op.i32_eqz);
  code.open(op.if);
  fill(code);
  code.close();
  code.constant(flashCache.missCycles);
  return { body: code.bytes, locals: 5 };
}

/** Which way has the line, in `local.way`. */
function findWay(code: Code): void {
  code.constant(noWay);
  code.set(local.way);
  for (const way of [0, 1]) {
    code.get(local.first);
    code.access(op.i32_load, 2, memoryMap.cacheEntries + 4 * way);
    code.constant(~3);
    code.op(op.i32_and);
    code.get(local.tag);
    code.op(op.i32_eq);
    code.open(op.if);
    code.constant(way);
    code.set(local.way);
    code.close();
  }
}

/** While the cache is switched off, all windows are the one without it. */
function pushWindow(code: Code): void {
  code.get(local.address);
  code.constant(24);
  code.op(op.i32_shr_u);
  code.constant(3);
  code.op(op.i32_and);
  code.constant(0);
  code.access(op.i32_load, 2, memoryMap.cacheBypass);
  code.op(op.i32_or);
}

function pushEntryAddress(code: Code): void {
  code.get(local.first);
  code.get(local.way);
  code.constant(2);
  code.op(op.i32_shl, op.i32_add);
}

function replaceOtherNext(code: Code): void {
  code.get(local.set);
  code.constant(1);
  code.get(local.way);
  code.op(op.i32_sub);
  code.access(op.i32_store8, 0, memoryMap.cacheVictims);
}

/** Returns 0 when the half is there; a line that is there is used either way. */
function noteHit(code: Code): void {
  pushWindow(code);
  code.constant(window.noAllocation);
  code.op(op.i32_le_u);
  code.get(local.way);
  code.constant(noWay);
  code.op(op.i32_ne, op.i32_and);
  code.open(op.if);
  replaceOtherNext(code);
  pushEntryAddress(code);
  code.access(op.i32_load, 2, memoryMap.cacheEntries);
  code.get(local.half);
  code.op(op.i32_and);
  code.open(op.if);
  code.constant(0);
  code.op(op.return);
  code.close();
  code.close();
}

/** A double: 32 bits would overflow after minutes of work. */
function countMiss(code: Code): void {
  code.constant(0);
  code.constant(0);
  code.access(op.f64_load, 3, memoryMap.cacheMisses);
  code.double(1);
  code.op(op.f64_add);
  code.access(op.f64_store, 3, memoryMap.cacheMisses);
}

/** Half a line comes, into the line that has the other half or in place of another. */
function fill(code: Code): void {
  code.get(local.way);
  code.constant(noWay);
  code.op(op.i32_eq);
  code.open(op.if);
  code.get(local.set);
  code.access(op.i32_load8_u, 0, memoryMap.cacheVictims);
  code.set(local.way);
  pushEntryAddress(code);
  code.get(local.tag);
  code.access(op.i32_store, 2, memoryMap.cacheEntries);
  code.close();
  pushEntryAddress(code);
  pushEntryAddress(code);
  code.access(op.i32_load, 2, memoryMap.cacheEntries);
  code.get(local.half);
  code.op(op.i32_or);
  code.access(op.i32_store, 2, memoryMap.cacheEntries);
  replaceOtherNext(code);
}
