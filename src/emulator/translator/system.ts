import { coreField } from '../chip/memory-map';
import { op } from '../wasm/opcodes';
import type { BlockWriter } from './block-writer';
import { parameter } from './locals';
import type { Translation } from './translation';

/** Leaves the region before an instruction that ends PRIMASK: exceptions may be waiting for that. */
function leaveIfUnmasking(writer: BlockWriter, pushValue: () => void): void {
  const { code } = writer;
  pushMask(writer);
  pushValue();
  code.op(op.i32_gt_u);
  code.open(op.if);
  writer.leaveBefore()();
  code.close();
}

function pushMask({ code }: BlockWriter): void {
  code.get(parameter.core);
  code.access(op.i32_load, 2, coreField.masked);
}

const enableInterrupts: Translation = (writer) => {
  leaveIfUnmasking(writer, () => writer.code.constant(0));
  writer.fetch();
  writer.spend(1);
};

const disableInterrupts: Translation = (writer) => {
  const { code } = writer;
  writer.fetch();
  code.get(parameter.core);
  code.constant(1);
  code.access(op.i32_store, 2, coreField.masked);
  writer.spend(1);
};

const primask = 16;
const wideCycles = 3;

/** MSR, MRS of PRIMASK, and the barriers; false for other instructions of 32 bits. */
export function translateSystem(writer: BlockWriter, first: number, second: number): boolean {
  const { code } = writer;
  const isBarrier = first === 0xf3bf && [0x8f40, 0x8f50, 0x8f60].includes(second & 0xfff0);
  const isRead = first === 0xf3ef && (second & 0xf0ff) === (0x8000 | primask);
  const isWrite = (first & 0xfff0) === 0xf380 && second === (0x8800 | primask);
  const register = isRead ? (second >>> 8) & 15 : first & 15;
  if (!isBarrier && !(isRead || isWrite)) return false;
  if (!isBarrier && register > 12) return false;
  const pushValue = () => {
    writer.read(register);
    code.constant(1);
    code.op(op.i32_and);
  };
  if (isWrite) leaveIfUnmasking(writer, pushValue);
  writer.fetch();
  writer.fetch(writer.address + 2);
  if (isRead) {
    pushMask(writer);
    writer.write(register);
  } else if (isWrite) {
    code.get(parameter.core);
    pushValue();
    code.access(op.i32_store, 2, coreField.masked);
  }
  writer.spend(wideCycles);
  return true;
}

/** Instructions of `system` in thumb/ that change PRIMASK. */
export const system: readonly (readonly [string, Translation])[] = [
  ['1011011001100010', enableInterrupts],
  ['1011011001110010', disableInterrupts],
];
