import { callTarget } from '../thumb/branches';
import { highSource, lr, pc } from '../thumb/instruction';
import { op, type Op } from '../wasm/opcodes';
import type { BlockWriter } from './block-writer';
import { computed, type Held } from './held';
import type { Translation } from './translation';

/** Pushes a condition, as 0 or not. */
type Condition = (writer: BlockWriter) => void;

/** The conditions with even numbers; those with odd ones negate them. */
const conditions: readonly Condition[] = [
  isZero,
  ({ flags }) => flags.C.push(),
  ({ flags, code }) => pushSign(code, flags.N),
  ({ flags, code }) => pushSign(code, flags.V),
  (writer) => {
    writer.code.constant(0);
    writer.flags.C.push();
    isZero(writer);
    writer.code.op(op.select);
  },
  (writer) => {
    isLess(writer);
    writer.code.op(op.i32_eqz);
  },
  (writer) => {
    isLess(writer);
    isZero(writer);
    writer.code.op(op.i32_or, op.i32_eqz);
  },
];

/** The conditions as comparisons, for flags that come from one. */
const comparisons: readonly (Op | undefined)[] = [
  ...[op.i32_eq, op.i32_ne, op.i32_ge_u, op.i32_lt_u],
  ...[undefined, undefined, undefined, undefined],
  ...[op.i32_gt_u, op.i32_le_u, op.i32_ge_s, op.i32_lt_s, op.i32_gt_s, op.i32_le_s],
];

const conditionCount = 14;

function isZero({ flags, code }: BlockWriter): void {
  flags.Z.push();
  code.op(op.i32_eqz);
}

function pushSign(code: BlockWriter['code'], { push }: Held): void {
  push();
  code.constant(0);
  code.op(op.i32_lt_s);
}

/** N and V differ. */
function isLess({ flags, code }: BlockWriter): void {
  const differ = computed([flags.N, flags.V], () => {
    flags.N.push();
    flags.V.push();
    code.op(op.i32_xor);
  });
  pushSign(code, differ);
}

function pushCondition(writer: BlockWriter, number: number): void {
  const { compared } = writer.flags;
  const comparison = comparisons[number];
  if (compared && comparison !== undefined) {
    for (const { push } of compared) push();
    writer.code.op(comparison);
    return;
  }
  conditions[number >>> 1]?.(writer);
  if (number & 1) writer.code.op(op.i32_eqz);
}

function branchIf(number: number): Translation {
  return (writer, opcode) => {
    const target = writer.address + 4 + ((opcode << 24) >> 23);
    // One to the next instruction is no arrival there; nobody writes it but for its cycle.
    if (target === writer.address + 2) return false;
    writer.fetch();
    pushCondition(writer, number);
    writer.code.open(op.if);
    writer.branchTo(target, 2);
    writer.code.close();
    writer.spend(1);
  };
}

const branch: Translation = (writer, opcode) => {
  const target = writer.address + 4 + ((opcode << 21) >> 20);
  writer.fetch();
  // A branch to the next instruction only takes time; the pico-sdk waits for the divider with four.
  if (target === writer.address + 2) return writer.spend(2);
  writer.branchTo(target, 2);
  writer.ended = true;
};

/** Pushes whether a branch to `target` would be to what is not Thumb. */
function pushIsNotThumb({ code }: BlockWriter, { push }: Held): void {
  push();
  code.constant(1);
  code.op(op.i32_and, op.i32_eqz);
}

/** Pushes whether it would be that, or a return from an exception. */
export function pushIsNoReturn(writer: BlockWriter, target: Held): void {
  const { code } = writer;
  target.push();
  code.constant(28);
  code.op(op.i32_shr_u);
  code.constant(15);
  code.op(op.i32_eq);
  pushIsNotThumb(writer, target);
  code.op(op.i32_or);
}

/** Leaves the region before the present instruction if a condition on the stack holds. */
function leaveIf(writer: BlockWriter): void {
  writer.code.open(op.if);
  writer.leaveBefore()();
  writer.code.close();
}

/** The address that a register means, without the bit that says Thumb. */
export function codeAddress({ code }: BlockWriter, target: Held): Held {
  return computed([target], () => {
    target.push();
    code.constant(~1);
    code.op(op.i32_and);
  });
}

const branchToRegister: Translation = (writer, opcode) => {
  if (highSource(opcode) === pc) return false;
  const target = writer.holdRegister(highSource(opcode));
  pushIsNoReturn(writer, target);
  leaveIf(writer);
  writer.fetch();
  writer.branchBack(codeAddress(writer, target), 2);
  writer.ended = true;
};

const callRegister: Translation = (writer, opcode) => {
  if (highSource(opcode) === pc) return false;
  const target = writer.holdRegister(highSource(opcode));
  pushIsNotThumb(writer, target);
  leaveIf(writer);
  writer.fetch();
  writer.code.constant((writer.address + 2) | 1);
  writer.write(lr);
  writer.branch(codeAddress(writer, target), 2);
  writer.returnsTo(writer.address + 2);
  writer.ended = true;
};

/** BL, of which both halves are at hand. */
export function translateCall(writer: BlockWriter, first: number, second: number): void {
  const next = writer.address + 4;
  writer.fetch();
  writer.fetch(writer.address + 2);
  writer.code.constant(next | 1);
  writer.write(lr);
  writer.branchTo(callTarget(next, first, second), 3, next);
  writer.returnsTo(next);
  writer.ended = true;
}

/** The counterpart of `branches` in thumb/. */
export const branches: readonly (readonly [string, Translation])[] = [
  ['010001110mmmm000', branchToRegister],
  ['010001111mmmm000', callRegister],
  ...Array.from({ length: conditionCount }, (_, number) => {
    const pattern = `1101${number.toString(2).padStart(4, '0')}iiiiiiii`;
    return [pattern, branchIf(number)] as const;
  }),
  ['11100iiiiiiiiiii', branch],
];
