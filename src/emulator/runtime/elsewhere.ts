import { flashCache } from '../../core/chip';
import { flashBase, ownSio, sioBase, sramBase } from '../chip/address-map';
import { coreField, memoryMap } from '../chip/memory-map';
import { Code } from '../wasm/code';
import { op, type Op } from '../wasm/opcodes';

/** Bytes of the flash's cached window. */
const windowBytes = 1 << 24;
const accessCycles = 2;
const ownCycles = 1;
/** An instruction may wait for itself and for its data. */
const mostWaits = 2 * flashCache.missCycles;

/** Parameters of a load: the offset is in SRAM, and outside of it. */
const load = { core: 0, offset: 1, fetch: 2, slack: 3, inMemory: 4, waits: 5 } as const;
const store = { core: 0, offset: 1, fetch: 2, value: 3, inMemory: 4, waits: 5 } as const;
const localsBeside = 2;

/** The functions of the runtime that it calls. */
export interface Callees {
  touch: number;
  loadOwn: number;
  storeOwn: number;
}

/** Pushes whether a value is aligned and below a number of bytes. */
export function pushIsWithin(code: Code, push: () => void, bytes: number, log2Bytes: number): void {
  push();
  // What is not aligned becomes a large number.
  if (log2Bytes > 0) {
    code.constant(log2Bytes);
    code.op(op.i32_rotr);
  }
  code.constant(bytes >>> log2Bytes);
  code.op(op.i32_lt_u);
}

/** Sets a local to the offset in a memory that begins at `base`. */
function setOffsetIn(code: Code, base: number): void {
  code.get(load.offset);
  code.constant(sramBase - base);
  code.op(op.i32_add);
  code.set(load.inMemory);
}

/** Fetches the instruction, if that is an access to the flash: its address is not 0 then. */
function fetch(code: Code, touch: number): void {
  code.get(load.fetch);
  code.open(op.if);
  code.get(load.fetch);
  code.call(touch);
  code.set(load.waits);
  code.close();
}

function count(code: Code, field: number, change: number): void {
  code.get(load.core);
  code.get(load.core);
  code.access(op.i32_load, 2, field);
  code.constant(change);
  code.op(op.i32_add);
  code.access(op.i32_store, 2, field);
}

function returnCycles(code: Code, cycles: number): void {
  code.get(load.waits);
  code.constant(cycles);
  code.op(op.i32_add, op.return);
}

/** Pushes whether the offset in SIO is that of a register that the core has for itself. */
function pushIsOwn(code: Code): void {
  const fromFirst = () => {
    code.get(load.inMemory);
    code.constant(ownSio.first);
    code.op(op.i32_sub);
  };
  pushIsWithin(code, fromFirst, ownSio.end - ownSio.first, 2);
  code.get(load.inMemory);
  code.constant(ownSio.coreNumber);
  code.op(op.i32_eq, op.i32_or);
}

/**
 * A load from the flash or, of words, from the core's own registers, for an instruction that is
 * charged two cycles and an access to SRAM. Parameters: the core's state, where it loads from, the
 * address in flash of the instruction, or 0 if its fetch is no access, and the cycles of which it must
 * leave one. Returns the cycles of the instruction and leaves the value in `coreField.value`; returns 0,
 * and has done nothing, when the interpreter has to execute the instruction.
 */
export function loadElsewhere(
  width: Op,
  log2Bytes: 0 | 1 | 2,
  { touch, loadOwn }: Callees,
): { body: Uint8Array; locals: number } {
  const code = new Code();
  setOffsetIn(code, flashBase);
  pushIsWithin(code, () => code.get(load.inMemory), windowBytes, log2Bytes);
  code.open(op.if);
  code.get(load.slack);
  code.constant(mostWaits);
  code.op(op.i32_le_s);
  code.open(op.if);
  code.constant(0);
  code.op(op.return);
  code.close();
  fetch(code, touch);
  code.get(load.waits);
  code.get(load.inMemory);
  code.call(touch);
  code.op(op.i32_add);
  code.set(load.waits);
  code.get(load.core);
  code.get(load.inMemory);
  code.access(width, log2Bytes, memoryMap.flash);
  code.access(op.i32_store, 2, coreField.value);
  count(code, coreField.sramAccesses, -1);
  count(code, coreField.flashAccesses, 1);
  returnCycles(code, accessCycles);
  code.close();
  if (log2Bytes === 2) {
    setOffsetIn(code, sioBase);
    pushIsOwn(code);
    code.open(op.if);
    fetch(code, touch);
    code.get(load.core);
    code.get(load.core);
    code.get(load.inMemory);
    code.call(loadOwn);
    code.access(op.i32_store, 2, coreField.value);
    count(code, coreField.sramAccesses, -1);
    returnCycles(code, ownCycles);
    code.close();
  }
  code.constant(0);
  return { body: code.bytes, locals: localsBeside };
}

/** A store to the core's own registers, as `loadElsewhere`; the last parameter is the value. */
export function storeElsewhere({ touch, storeOwn }: Callees): { body: Uint8Array; locals: number } {
  const code = new Code();
  setOffsetIn(code, sioBase);
  pushIsOwn(code);
  code.open(op.if);
  fetch(code, touch);
  code.get(store.core);
  code.get(store.inMemory);
  code.get(store.value);
  code.call(storeOwn);
  count(code, coreField.sramAccesses, -1);
  returnCycles(code, ownCycles);
  code.close();
  code.constant(0);
  return { body: code.bytes, locals: localsBeside };
}
