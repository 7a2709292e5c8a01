import { Code } from '../wasm/code';
import { op } from '../wasm/opcodes';

/** Registers of an interpolator, by their offset from its first (RP2040 datasheet, 2.3.1.7). */
const register = {
  accumulator0: 0x00,
  accumulator1: 0x04,
  base0: 0x08,
  base1: 0x0c,
  base2: 0x10,
  pop0: 0x14,
  pop1: 0x18,
  popFull: 0x1c,
  peek0: 0x20,
  peek1: 0x24,
  peekFull: 0x28,
  control0: 0x2c,
  control1: 0x30,
  add0: 0x34,
  add1: 0x38,
  bases: 0x3c,
} as const;

/** Bits of the controls by number; shift, mask LSB and mask MSB are the lowest 15. */
const bit = {
  maskLeast: 5,
  maskMost: 10,
  signed: 15,
  crossInput: 16,
  crossResult: 17,
  addRaw: 18,
  forceMost: 19,
  blend: 21,
  clamp: 22,
  overflow0: 23,
  overflow1: 24,
  overflow: 25,
} as const;

/** What programs may write of the controls: blending is of interpolator 0, clamping of 1. */
const writable = { lane0: [0x3fffff, 0x5fffff], lane1: 0x1fffff } as const;
const secondInterpolator = 0x40;
const registerMask = 0x3c;

/** A lane's locals. */
interface Lane {
  number: 0 | 1;
  control: number;
  input: number;
  /** The input shifted and masked. */
  shifted: number;
  result: number;
}

const local = { core: 0, offset: 1, value: 2, interpolator: 3, register: 4, full: 13 } as const;
const lanes: readonly [Lane, Lane] = [
  { number: 0, control: 5, input: 6, shifted: 7, result: 8 },
  { number: 1, control: 9, input: 10, shifted: 11, result: 12 },
];
const [lane0, lane1] = lanes;
/** Locals beside the parameters of a load and of a store; a load leaves the third unused. */
const loadLocals = 12;
const storeLocals = 2;

const { accumulator0, accumulator1, base0, base1, base2 } = register;

function loadRegister(code: Code, at: number): void {
  code.get(local.interpolator);
  code.access(op.i32_load, 2, at);
}

function pushBit(code: Code, value: number, number: number): void {
  code.get(value);
  code.constant(1 << number);
  code.op(op.i32_and);
}

function pushIsSecond(code: Code): void {
  code.get(local.offset);
  code.constant(secondInterpolator);
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
  code.constant(~(secondInterpolator - 1));
  code.op(op.i32_and, op.i32_add);
  code.set(local.interpolator);
  code.get(local.offset);
  code.constant(registerMask);
  code.op(op.i32_and);
  code.set(local.register);
}

/** The input of a lane, and what shift, mask and sign make of it. */
function computeLane(code: Code, { number, control, input, shifted, result }: Lane): void {
  const [own, other] = number === 0 ? [accumulator0, accumulator1] : [accumulator1, accumulator0];
  loadRegister(code, number === 0 ? register.control0 : register.control1);
  code.set(control);
  loadRegister(code, other);
  loadRegister(code, own);
  pushBit(code, control, bit.crossInput);
  code.op(op.select);
  code.set(input);
  // Shifts take their distance modulo 32: fields need not be cut out.
  const pushField = (from: number): void => {
    code.get(control);
    code.constant(from);
    code.op(op.i32_shr_u);
  };
  code.get(input);
  code.get(control);
  code.op(op.i32_shr_u);
  code.constant(2);
  pushField(bit.maskMost);
  code.op(op.i32_shl);
  code.constant(1);
  code.op(op.i32_sub, op.i32_and);
  code.constant(-1);
  pushField(bit.maskLeast);
  code.op(op.i32_shl, op.i32_and);
  // The sign bit, if the lane is signed; the result's local is free until then.
  pushField(bit.signed);
  code.constant(1);
  code.op(op.i32_and);
  pushField(bit.maskMost);
  code.op(op.i32_shl);
  code.set(result);
  code.get(result);
  code.op(op.i32_xor);
  code.get(result);
  code.op(op.i32_sub);
  code.set(shifted);
}

function addBase(code: Code, { number, control, input, shifted, result }: Lane): void {
  loadRegister(code, number === 0 ? base0 : base1);
  code.get(input);
  code.get(shifted);
  pushBit(code, control, bit.addRaw);
  code.op(op.select, op.i32_add);
  code.set(result);
}

/** Lane 1 lies between the bases, as far as its lowest byte says, which lane 0 gives. */
function blend(code: Code): void {
  const pushBase = (base: number): void => {
    loadRegister(code, base);
    code.op(op.i64_extend_i32_s);
    loadRegister(code, base);
    code.op(op.i64_extend_i32_u);
    pushBit(code, lane1.control, bit.signed);
    code.op(op.select);
  };
  code.get(lane1.shifted);
  code.constant(0xff);
  code.op(op.i32_and);
  code.set(lane0.result);
  loadRegister(code, base0);
  code.get(lane0.result);
  code.op(op.i64_extend_i32_u);
  pushBase(base1);
  pushBase(base0);
  code.op(op.i64_sub, op.i64_mul, op.i64_const);
  code.signed(8);
  code.op(op.i64_shr_s, op.i32_wrap_i64, op.i32_add);
  code.set(lane1.result);
  loadRegister(code, base2);
  code.get(lane0.shifted);
  code.op(op.i32_add);
  code.set(local.full);
}

/** Lane 0 is between the bases. */
function clamp(code: Code): void {
  const pushIsBeyond = (base: number, signed: typeof op.i32_lt_s | typeof op.i32_gt_s): void => {
    const compare = (comparison: typeof op.i32_lt_s | typeof op.i32_lt_u | typeof op.i32_gt_u | typeof op.i32_gt_s): void => {
      code.get(lane0.shifted);
      loadRegister(code, base);
      code.op(comparison);
    };
    compare(signed);
    compare(signed === op.i32_lt_s ? op.i32_lt_u : op.i32_gt_u);
    pushBit(code, lane0.control, bit.signed);
    code.op(op.select);
  };
  loadRegister(code, base0);
  loadRegister(code, base1);
  code.get(lane0.shifted);
  pushIsBeyond(base1, op.i32_gt_s);
  code.op(op.select);
  pushIsBeyond(base0, op.i32_lt_s);
  code.op(op.select);
  code.set(lane0.result);
}

/** The three results, in the locals of the lanes and `local.full`. */
function computeResults(code: Code): void {
  for (const lane of lanes) computeLane(code, lane);
  for (const lane of lanes) addBase(code, lane);
  loadRegister(code, base2);
  for (const { shifted } of lanes) {
    code.get(shifted);
    code.op(op.i32_add);
  }
  code.set(local.full);
  // Only the interpolator that has the mode keeps its bit.
  pushBit(code, lane0.control, bit.blend);
  code.open(op.if);
  blend(code);
  code.close();
  pushBit(code, lane0.control, bit.clamp);
  code.open(op.if);
  clamp(code);
  code.close();
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
