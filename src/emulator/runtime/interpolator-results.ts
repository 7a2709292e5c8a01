import type { Code } from '../wasm/code';
import { op } from '../wasm/opcodes';

/** Registers of an interpolator, by their offset from its first (RP2040 datasheet, 2.3.1.7). */
export const register = {
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

export const interpolatorBytes = 0x40;

/** Bits of the controls by number; shift, mask LSB and mask MSB are the lowest 15. */
export const bit = {
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

/** A lane's locals. */
export interface Lane {
  number: 0 | 1;
  control: number;
  input: number;
  /** The input shifted and masked. */
  shifted: number;
  result: number;
}

export const local = {
  core: 0,
  offset: 1,
  value: 2,
  interpolator: 3,
  register: 4,
  full: 13,
} as const;
export const lanes: readonly [Lane, Lane] = [
  { number: 0, control: 5, input: 6, shifted: 7, result: 8 },
  { number: 1, control: 9, input: 10, shifted: 11, result: 12 },
];
export const [lane0, lane1] = lanes;

const { accumulator0, accumulator1, base0, base1, base2 } = register;

export function loadRegister(code: Code, at: number): void {
  code.get(local.interpolator);
  code.access(op.i32_load, 2, at);
}

export function pushBit(code: Code, value: number, number: number): void {
  code.get(value);
  code.constant(1 << number);
  code.op(op.i32_and);
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
    const compare = (
      comparison: typeof op.i32_lt_s | typeof op.i32_lt_u | typeof op.i32_gt_u | typeof op.i32_gt_s,
    ): void => {
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

/**
 * The three results of an interpolator, in the locals of the lanes and `local.full`, from its registers
 * (RP2040 datasheet, 2.3.1.6).
 */
export function computeResults(code: Code): void {
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
