import { bit, interpolatorBytes, register } from '../runtime/interpolator-results';
import { op } from '../wasm/opcodes';
import type { BlockWriter } from './block-writer';
import type { Held } from './held';
import { imported, parameter } from './locals';

/**
 * A register of an interpolator that an instruction has accessed while it was interpreted, and what
 * the controls of the interpolator were when it was translated.
 */
export interface ForeseenAccess {
  /** Of the register in SIO, and in a core's state. */
  offset: number;
  controls: readonly [number, number];
}

const { accumulator0, accumulator1, base0, base1, base2, control0, control1 } = register;
/** Registers that are memory, and no more. */
const lastPlain = base2;

/** Whether a load of the register is worth code of its own. */
export function isLoadForeseeable({ offset, controls: [first] }: ForeseenAccess): boolean {
  const at = offset % interpolatorBytes;
  const hasMode = (first & ((1 << bit.blend) | (1 << bit.clamp))) !== 0;
  return at <= lastPlain || (at <= register.peekFull && !hasMode);
}

/** Loads a register of an interpolator into one of the core. */
export function loadForeseen(writer: BlockWriter, target: number, access: ForeseenAccess): void {
  const { code } = writer;
  const { offset, controls } = access;
  const at = offset % interpolatorBytes;
  if (at <= lastPlain) {
    pushWord(writer, offset);
    writer.write(target);
    return;
  }
  const first = offset - at;
  pushWord(writer, first + control0);
  code.constant(controls[0]);
  code.op(op.i32_eq);
  pushWord(writer, first + control1);
  code.constant(controls[1]);
  code.op(op.i32_eq, op.i32_and);
  code.open(op.if);
  loadResult(writer, target, access);
  code.else();
  // Its controls have changed.
  code.get(parameter.core);
  code.constant(offset);
  code.call(imported.loadOwn);
  writer.write(target);
  code.close();
}

/** The same as the runtime does for any controls, for those that are known. */
function loadResult(
  writer: BlockWriter,
  target: number,
  { offset, controls }: ForeseenAccess,
): void {
  const { code } = writer;
  const at = offset % interpolatorBytes;
  const first = offset - at;
  const lanes = controls.map((control, number) => laneOf(writer, { first, control, number }));
  const [lane0, lane1] = lanes as [LaneValues, LaneValues];
  if (at <= register.popFull) {
    writeBack(writer, first + accumulator0, has(controls[0], bit.crossResult) ? lane1 : lane0);
    writeBack(writer, first + accumulator1, has(controls[1], bit.crossResult) ? lane0 : lane1);
  }
  if (at === register.popFull || at === register.peekFull) {
    pushWord(writer, first + base2);
    lane0.shifted.push();
    lane1.shifted.push();
    code.op(op.i32_add, op.i32_add);
  } else {
    const number = at === register.pop0 || at === register.peek0 ? 0 : 1;
    (number === 0 ? lane0 : lane1).result.push();
    const forced = (controls[number] >>> bit.forceMost) & 3;
    if (forced !== 0) {
      code.constant(forced << 28);
      code.op(op.i32_or);
    }
  }
  writer.write(target);
}

interface LaneValues {
  shifted: Held;
  result: Held;
}

function laneOf(
  writer: BlockWriter,
  { first, control, number }: { first: number; control: number; number: number },
): LaneValues {
  const { code } = writer;
  const isCrossed = has(control, bit.crossInput);
  pushWord(writer, first + ((number === 0) === isCrossed ? accumulator1 : accumulator0));
  const input = writer.hold();
  const field = (from: number) => (control >>> from) & 31;
  const [shift, least, most] = [field(0), field(bit.maskLeast), field(bit.maskMost)];
  const upTo = (2 << most) - 1;
  input.push();
  code.constant(shift);
  code.op(op.i32_shr_u);
  code.constant(upTo & (-1 << least));
  code.op(op.i32_and);
  if (has(control, bit.signed)) {
    for (const extend of [op.i32_shl, op.i32_shr_s]) {
      code.constant(31 - most);
      code.op(extend);
    }
  }
  const shifted = writer.hold();
  pushWord(writer, first + (number === 0 ? base0 : base1));
  (has(control, bit.addRaw) ? input : shifted).push();
  code.op(op.i32_add);
  return { shifted, result: writer.hold() };
}

function writeBack(writer: BlockWriter, at: number, { result }: LaneValues): void {
  writer.code.get(parameter.core);
  result.push();
  writer.code.access(op.i32_store, 2, at);
}

/** Whether a store to the register is worth code of its own. */
export function isStoreForeseeable({ offset }: ForeseenAccess): boolean {
  const at = offset % interpolatorBytes;
  return at <= lastPlain || at === register.add0 || at === register.add1;
}

/** Stores a register of the core to one of an interpolator. */
export function storeForeseen(
  writer: BlockWriter,
  source: number,
  { offset }: ForeseenAccess,
): void {
  const { code } = writer;
  const at = offset % interpolatorBytes;
  const isPlain = at <= lastPlain;
  const to = isPlain ? offset : offset - at + (at === register.add0 ? accumulator0 : accumulator1);
  code.get(parameter.core);
  writer.read(source);
  if (!isPlain) {
    pushWord(writer, to);
    code.op(op.i32_add);
  }
  code.access(op.i32_store, 2, to);
}

/** Pushes a word of the core's state, in which registers of SIO have the offset that they have there. */
function pushWord({ code }: BlockWriter, offset: number): void {
  code.get(parameter.core);
  code.access(op.i32_load, 2, offset);
}

function has(control: number, number: number): boolean {
  return ((control >>> number) & 1) !== 0;
}
