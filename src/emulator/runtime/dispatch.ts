import { flashBase, sramBase, sramBytes } from '../chip/address-map';
import { blockField, coreField, memoryMap, translatedFlashBytes } from '../chip/memory-map';
import { yieldBytes } from '../thumb/yield';
import { Code } from '../wasm/code';
import { op } from '../wasm/opcodes';

/** Why translated code was left before its time was over, in `coreField.refused`. */
export const refusal = {
  none: 0,
  /** The next instruction is for the interpreter although there is a block. */
  ofBlock: 1,
  /** There is no block. */
  noBlock: 2,
} as const;

const local = { core: 0, soft: 1, hard: 2, total: 3, pc: 4, block: 5, cycles: 6 } as const;

/**
 * Runs translated blocks on a core, one after the other, as long as there are such and time allows;
 * returns their cycles. Parameters: the core's state, the cycles from which on it stops at the next
 * place where it may yield, and those that it must not exceed.
 *
 * @param regionType index of the type of a region's function
 */
export function dispatchBody(regionType: number): { body: Uint8Array; locals: number } {
  const code = new Code();
  setRefused(code, refusal.none);
  code.open(op.loop);
  loadCore(code, coreField.programCounter);
  code.set(local.pc);
  findBlock(code);
  code.get(local.block);
  code.constant(0);
  code.op(op.i32_le_s);
  returnTotalIf(code, () => setRefused(code, refusal.noBlock));
  code.get(local.total);
  loadBlock(code, blockField.mostCycles);
  code.op(op.i32_add);
  code.get(local.hard);
  code.op(op.i32_gt_s);
  returnTotalIf(code, () => setRefused(code, refusal.ofBlock));
  callRegion(code, regionType);
  code.get(local.cycles);
  code.op(op.i32_eqz);
  returnTotalIf(code, () => setRefused(code, refusal.ofBlock));
  code.get(local.total);
  code.get(local.cycles);
  code.op(op.i32_add);
  code.set(local.total);
  code.get(local.total);
  code.get(local.hard);
  code.op(op.i32_ge_s);
  returnTotalIf(code);
  code.get(local.total);
  code.get(local.soft);
  code.op(op.i32_lt_s);
  code.branch(op.br_if, 0);
  pushMayYield(code);
  code.op(op.i32_eqz);
  code.branch(op.br_if, 0);
  code.close();
  code.get(local.total);
  return { body: code.bytes, locals: 4 };
}

function loadCore(code: Code, field: number): void {
  code.get(local.core);
  code.access(op.i32_load, 2, field);
}

function loadBlock(code: Code, field: number): void {
  code.get(local.block);
  code.access(op.i32_load, 2, field);
}

function setRefused(code: Code, value: number): void {
  code.get(local.core);
  code.constant(value);
  code.access(op.i32_store, 2, coreField.refused);
}

/** Takes a condition from the stack. */
function returnTotalIf(code: Code, before: () => void = () => undefined): void {
  code.open(op.if);
  before();
  code.get(local.total);
  code.op(op.return);
  code.close();
}

/** The descriptor of the block that begins at the program counter; 0 or less where none does. */
function findBlock(code: Code): void {
  code.constant(0);
  code.set(local.block);
  const lookIn = (base: number, bytes: number, blocks: number): void => {
    code.get(local.pc);
    code.constant(base);
    code.op(op.i32_sub);
    code.set(local.cycles);
    code.get(local.cycles);
    code.constant(bytes);
    code.op(op.i32_lt_u);
    code.open(op.if);
    // A word for each half-word.
    code.get(local.cycles);
    code.constant(1);
    code.op(op.i32_shl);
    code.access(op.i32_load, 2, blocks);
    code.set(local.block);
  };
  lookIn(sramBase, sramBytes, memoryMap.sramBlocks);
  code.else();
  lookIn(flashBase, translatedFlashBytes, memoryMap.flashBlocks);
  code.close();
  code.close();
}

function callRegion(code: Code, regionType: number): void {
  code.get(local.core);
  loadBlock(code, blockField.index);
  code.get(local.pc);
  loadCore(code, coreField.sequential);
  code.op(op.i32_ne);
  for (const limit of [local.soft, local.hard]) {
    code.get(limit);
    code.get(local.total);
    code.op(op.i32_sub);
  }
  loadBlock(code, blockField.function);
  code.op(op.call_indirect);
  code.unsigned(regionType);
  code.unsigned(0);
  code.set(local.cycles);
}

/** As `mayYield` of the executor. */
function pushMayYield(code: Code): void {
  loadCore(code, coreField.programCounter);
  code.set(local.pc);
  code.get(local.pc);
  loadCore(code, coreField.sequential);
  code.op(op.i32_ne);
  code.get(local.pc);
  code.constant(yieldBytes - 1);
  code.op(op.i32_and, op.i32_eqz, op.i32_or);
}
