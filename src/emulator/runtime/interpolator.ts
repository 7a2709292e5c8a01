import type { Code } from '../wasm/code';
import { op } from '../wasm/opcodes';
import {
  bit,
  computeResults,
  interpolatorBytes,
  lane0,
  lane1,
  loadRegister,
  local,
  pushBit,
  register,
  type Lane,
} from './interpolator-results';

/** What programs may write of the controls: blending is of interpolator 0, clamping of 1. */
const writable = { lane0: [0x3fffff, 0x5fffff], lane1: 0x1fffff } as const;
const registerMask = 0x3c;

/** Locals beside the parameters of a load and of a store; a load leaves the third unused. */
const loadLocals = 12;
const storeLocals = 2;

const { accumulator0, accumulator1, base0, base1, base2 } = register;

function pushIsSecond(code: Code): void {
  code.get(local.offset);
  code.constant(interpolatorBytes);
  code.op(op.i32_and);
}

function pushIs(code: Code, at: number): void {
  code.get(local.register);
  code.constant(at);
  code.op(op.i32_eq);
}

/** Where the interpolator of an offset in SIO is, which is as far from the core's state. */
function locate(code: Code): void {
  code.get(local.core);
  code.get(local.offset);
  code.constant(~(interpolatorBytes - 1));
  code.op(op.i32_and, op.i32_add);
  code.set(local.interpolator);
  code.get(local.offset);
  code.constant(registerMask);
  code.op(op.i32_and);
  code.set(local.register);
}

/** A pop puts the results of the lanes into the accumulators, of either lane. */
function writeBack(code: Code): void {
  code.get(local.register);
  code.constant(register.popFull);
  code.op(op.i32_le_u);
  code.open(op.if);
  for (const [own, other, at] of [
    [lane0, lane1, accumulator0],
    [lane1, lane0, accumulator1],
  ] as const) {
    code.get(local.interpolator);
    code.get(other.result);
    code.get(own.result);
    pushBit(code, own.control, bit.crossResult);
    code.op(op.select);
    code.access(op.i32_store, 2, at);
  }
  code.close();
}

/** Returns a value if the register is one of some. */
function returnFor(code: Code, registers: readonly number[], push: () => void): void {
  registers.forEach((at, index) => {
    pushIs(code, at);
    if (index > 0) code.op(op.i32_or);
  });
  code.open(op.if);
  push();
  code.op(op.return);
  code.close();
}

/** A lane's result as the processor sees it, with two bits that the program may force. */
function pushForced(code: Code, { control, result }: Lane): void {
  code.get(result);
  code.get(control);
  code.constant(bit.forceMost);
  code.op(op.i32_shr_u);
  code.constant(3);
  code.op(op.i32_and);
  code.constant(28);
  code.op(op.i32_shl, op.i32_or);
}

/** Whether the mask of a lane cuts off bits, as 0 or 1. */
function pushOverflows(code: Code, { control, input }: Lane): void {
  code.get(input);
  code.get(control);
  code.op(op.i32_shr_u);
  code.constant(-2);
  code.get(control);
  code.constant(bit.maskMost);
  code.op(op.i32_shr_u, op.i32_shl, op.i32_and);
  code.constant(0);
  code.op(op.i32_ne);
}

function pushControl0(code: Code): void {
  code.get(lane0.control);
  for (const [lane, number] of [
    [lane0, bit.overflow0],
    [lane1, bit.overflow1],
  ] as const) {
    for (const to of [number, bit.overflow]) {
      pushOverflows(code, lane);
      code.constant(to);
      code.op(op.i32_shl, op.i32_or);
    }
  }
}

/** Loads a register of an interpolator: parameters are the core's state and the offset in SIO. */
export function interpolatorLoad(code: Code): void {
  locate(code);
  code.get(local.register);
  code.constant(base2);
  code.op(op.i32_le_u);
  code.open(op.if);
  code.get(local.interpolator);
  code.get(local.register);
  code.op(op.i32_add);
  code.access(op.i32_load, 2);
  code.op(op.return);
  code.close();
  computeResults(code);
  writeBack(code);
  returnFor(code, [register.pop0, register.peek0], () => pushForced(code, lane0));
  returnFor(code, [register.pop1, register.peek1], () => pushForced(code, lane1));
  returnFor(code, [register.popFull, register.peekFull], () => code.get(local.full));
  returnFor(code, [register.control0], () => pushControl0(code));
  returnFor(code, [register.control1], () => code.get(lane1.control));
  returnFor(code, [register.add0], () => code.get(lane0.shifted));
  returnFor(code, [register.add1], () => code.get(lane1.shifted));
  code.constant(0);
}

/** Stores to one: the value is the third parameter. */
export function interpolatorStore(code: Code): void {
  locate(code);
  const storeIf = (at: number, to: number, push: () => void): void => {
    pushIs(code, at);
    code.open(op.if);
    code.get(local.interpolator);
    push();
    code.access(op.i32_store, 2, to);
    code.op(op.return);
    code.close();
  };
  code.get(local.register);
  code.constant(base2);
  code.op(op.i32_le_u);
  code.open(op.if);
  code.get(local.interpolator);
  code.get(local.register);
  code.op(op.i32_add);
  code.get(local.value);
  code.access(op.i32_store, 2);
  code.op(op.return);
  code.close();
  storeIf(register.control0, register.control0, () => {
    code.get(local.value);
    code.constant(writable.lane0[1]);
    code.constant(writable.lane0[0]);
    pushIsSecond(code);
    code.op(op.select, op.i32_and);
  });
  storeIf(register.control1, register.control1, () => {
    code.get(local.value);
    code.constant(writable.lane1);
    code.op(op.i32_and);
  });
  for (const [at, to] of [
    [register.add0, accumulator0],
    [register.add1, accumulator1],
  ] as const) {
    storeIf(at, to, () => {
      loadRegister(code, to);
      code.get(local.value);
      code.op(op.i32_add);
    });
  }
  pushIs(code, register.bases);
  code.open(op.if);
  storeBases(code);
  code.close();
}

/** Both bases at once, each of 16 bits; blending, both have the sign of lane 1. */
function storeBases(code: Code): void {
  const pushSigned = (control: number): void => {
    loadRegister(code, control);
    code.constant(1 << bit.signed);
    code.op(op.i32_and);
  };
  code.get(local.interpolator);
  code.get(local.value);
  code.op(op.i32_extend16_s);
  code.get(local.value);
  code.constant(0xffff);
  code.op(op.i32_and);
  pushSigned(register.control1);
  pushSigned(register.control0);
  loadRegister(code, register.control0);
  code.constant(1 << bit.blend);
  code.op(op.i32_and, op.select, op.select);
  code.access(op.i32_store, 2, base0);
  code.get(local.interpolator);
  for (const shift of [op.i32_shr_s, op.i32_shr_u]) {
    code.get(local.value);
    code.constant(16);
    code.op(shift);
  }
  pushSigned(register.control1);
  code.op(op.select);
  code.access(op.i32_store, 2, base1);
}

export const interpolatorLocals = { load: loadLocals, store: storeLocals } as const;
