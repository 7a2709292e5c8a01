import { flashMask } from '../chip/address-map';
import { memoryMap } from '../chip/memory-map';
import { cachePlace } from '../runtime/touch';
import type { Code } from '../wasm/code';
import { op } from '../wasm/opcodes';
import { imported, local } from './locals';

/**
 * Writes an access to an address of the flash, through its cached window, that is known when code is
 * written: a hit only notes which way it was, a miss adds cycles.
 */
export function writeTouch(code: Code, address: number): void {
  const { set, wanted, mask } = cachePlace(address & flashMask);
  const first = memoryMap.cacheEntries + 8 * set;
  const victim = memoryMap.cacheVictims + set;
  const isIn = (entry: number): void => {
    code.constant(entry);
    code.access(op.i32_load, 2);
    code.constant(mask);
    code.op(op.i32_and);
    code.constant(wanted);
    code.op(op.i32_eq);
  };
  const replaceNext = (way: number): void => {
    code.constant(victim);
    code.constant(way);
    code.access(op.i32_store8, 0);
  };
  isIn(first);
  code.open(op.if);
  replaceNext(1);
  code.else();
  isIn(first + 4);
  code.open(op.if);
  replaceNext(0);
  code.else();
  code.get(local.cycles);
  code.constant(address);
  code.call(imported.touch);
  code.op(op.i32_add);
  code.set(local.cycles);
  code.close();
  code.close();
}
