import type { Core } from '../thumb/core';

/** A format of numbers: how registers hold them, and the smallest that is not flushed to zero. */
interface Format {
  /** Registers that a number takes. */
  registers: 1 | 2;
  smallest: number;
  /** A number as the format has it, from its bits in a register or two. */
  decode(low: number, high: number): number;
  /** Its bits: the low register, the high one. Rounds to nearest. */
  encode(value: number): [number, number];
}

const bits = new DataView(new ArrayBuffer(8));

const single: Format = {
  registers: 1,
  smallest: 2 ** -126,
  decode(low) {
    bits.setInt32(0, low, true);
    return bits.getFloat32(0, true);
  },
  encode(value) {
    bits.setFloat32(0, value, true);
    return [bits.getInt32(0, true), 0];
  },
};

const double: Format = {
  registers: 2,
  smallest: 2 ** -1022,
  decode(low, high) {
    bits.setInt32(0, low, true);
    bits.setInt32(4, high, true);
    return bits.getFloat64(0, true);
  },
  encode(value) {
    bits.setFloat64(0, value, true);
    return [bits.getInt32(0, true), bits.getInt32(4, true)];
  },
};

/** The registers of a core as a routine in one format uses them. */
class Frame {
  constructor(
    readonly core: Core,
    readonly format: Format,
  ) {}

  /** The first argument. */
  get x(): number {
    return this.read(0);
  }

  /** The second one. */
  get y(): number {
    return this.read(this.format.registers);
  }

  /** The integer behind the first argument, which has that many registers. */
  integer(register: number): number {
    return this.core.get(register);
  }

  get wide(): bigint {
    const { core } = this;
    return (BigInt(core.get(1)) << 32n) | BigInt(core.get(0) >>> 0);
  }

  give(value: number, register = 0): void {
    const { core, format } = this;
    // The routines know no NaN; what has no value is as large as can be.
    const given = Number.isNaN(value) ? Infinity : flushed(value, format);
    const [low, high] = format.encode(given);
    core.set(register, low);
    if (format.registers === 2) core.set(register + 1, high);
  }

  giveInteger(value: number): void {
    this.core.set(0, value | 0);
  }

  giveWide(value: bigint): void {
    this.core.set(0, Number(BigInt.asIntN(32, value)));
    this.core.set(1, Number(BigInt.asIntN(32, value >> 32n)));
  }

  private read(register: number): number {
    const { core, format } = this;
    const high = format.registers === 2 ? core.get(register + 1) : 0;
    const value = format.decode(core.get(register), high);
    if (!Number.isNaN(value)) return flushed(value, format);
    const sign = format.registers === 2 ? high : core.get(register);
    return sign < 0 ? -Infinity : Infinity;
  }
}

/** Numbers that would be denormal are zero, of their sign. */
function flushed(value: number, { smallest }: Format): number {
  return Math.abs(value) < smallest ? 0 * value : value;
}

type Body = (frame: Frame) => void;

interface Routine {
  run: Body;
  /** Cycles for single and for double precision: averages of the datasheet, or of its like. */
  cycles: readonly [number, number];
}

function arithmetic(of: (x: number, y: number) => number): Body {
  return (frame) => frame.give(of(frame.x, frame.y));
}

/** Zero stays zero, however far it is scaled. */
function scaled(value: number, exponent: number): number {
  return value === 0 ? 0 : value * 2 ** exponent;
}

/** x * 2^exponent, rounded down and brought between limits. */
function toInteger(least: number, most: number, isScaled: boolean): Body {
  return (frame) => {
    const exponent = isScaled ? frame.integer(frame.format.registers) : 0;
    const value = Math.floor(scaled(frame.x, exponent));
    frame.giveInteger(Math.min(most, Math.max(least, value)));
  };
}

function toWide(least: bigint, most: bigint, isScaled: boolean): Body {
  return (frame) => {
    const exponent = isScaled ? frame.integer(frame.format.registers) : 0;
    const value = Math.floor(scaled(frame.x, exponent));
    if (value >= Number(most)) frame.giveWide(most);
    else if (value <= Number(least)) frame.giveWide(least);
    else frame.giveWide(BigInt(value));
  };
}

function fromInteger(isSigned: boolean, isScaled: boolean): Body {
  return (frame) => {
    const value = frame.integer(0);
    const exponent = isScaled ? frame.integer(1) : 0;
    frame.give(scaled(isSigned ? value : value >>> 0, -exponent));
  };
}

function fromWide(isSigned: boolean, isScaled: boolean): Body {
  return (frame) => {
    const { wide, format } = frame;
    const exponent = isScaled ? frame.integer(2) : 0;
    const value = isSigned ? wide : BigInt.asUintN(64, wide);
    frame.give(scaled(format === single ? roundedOnce(value) : Number(value), -exponent));
  };
}

/** A number of 64 bits as one that rounds to single precision as the number itself would. */
function roundedOnce(value: bigint): number {
  const exact = Number(value);
  if (Number.isSafeInteger(exact)) return exact;
  const dropped = 11n;
  const isExact = BigInt.asUintN(Number(dropped), value) === 0n;
  return Number((value >> dropped) | (isExact ? 0n : 1n)) * 2 ** Number(dropped);
}

/** -1, 0 or 1 for less, equal or greater. */
const compare: Body = (frame) => frame.giveInteger(Math.sign(frame.x - frame.y) || 0);

/** The flags as they are after CMP of two integers in that order. */
const compareInFlags: Body = ({ core, x, y }) => {
  core.N = x < y;
  core.Z = x === y;
  core.C = x >= y;
  core.V = false;
};

/** The second result is what programs of the pico-sdk find where the first one ends. */
const sine: Body = (frame) => {
  const { x, format } = frame;
  frame.give(Math.sin(x));
  frame.give(Math.cos(x), format.registers);
};

const [int32, uint32] = [
  [-(2 ** 31), 2 ** 31 - 1],
  [0, 2 ** 32 - 1],
] as const;
const [int64, uint64] = [
  [-(2n ** 63n), 2n ** 63n - 1n],
  [0n, 2n ** 64n - 1n],
] as const;

/** In the order of the tables in the ROM (pico-sdk, pico/bootrom/sf_table.h). */
const routines: readonly Routine[] = [
  { run: arithmetic((x, y) => x + y), cycles: [71, 91] },
  { run: arithmetic((x, y) => x - y), cycles: [74, 95] },
  { run: arithmetic((x, y) => x * y), cycles: [69, 155] },
  { run: arithmetic((x, y) => x / y), cycles: [71, 183] },
  { run: compare, cycles: [39, 39] },
  { run: compareInFlags, cycles: [39, 39] },
  { run: arithmetic(Math.sqrt), cycles: [63, 169] },
  { run: toInteger(...int32, false), cycles: [37, 75] },
  { run: toInteger(...int32, true), cycles: [39, 74] },
  { run: toInteger(...uint32, false), cycles: [38, 63] },
  { run: toInteger(...uint32, true), cycles: [38, 63] },
  { run: fromInteger(true, false), cycles: [55, 69] },
  { run: fromInteger(true, true), cycles: [53, 68] },
  { run: fromInteger(false, false), cycles: [54, 64] },
  { run: fromInteger(false, true), cycles: [54, 62] },
  { run: arithmetic(Math.cos), cycles: [587, 1617] },
  { run: sine, cycles: [577, 1618] },
  { run: arithmetic(Math.tan), cycles: [653, 1891] },
  { run: sine, cycles: [599, 1651] },
  { run: arithmetic(Math.exp), cycles: [542, 804] },
  { run: (frame) => frame.give(frame.x > 0 ? Math.log(frame.x) : -Infinity), cycles: [524, 428] },
  { run: compare, cycles: [39, 39] },
  { run: arithmetic(Math.atan2), cycles: [599, 2168] },
  { run: fromWide(true, false), cycles: [55, 55] },
  { run: fromWide(true, true), cycles: [56, 56] },
  { run: fromWide(false, false), cycles: [50, 50] },
  { run: fromWide(false, true), cycles: [50, 50] },
  { run: toWide(...int64, false), cycles: [62, 64] },
  { run: toWide(...int64, true), cycles: [60, 63] },
  { run: toWide(...uint64, false), cycles: [39, 53] },
  { run: toWide(...uint64, true), cycles: [41, 57] },
  {
    run: (frame) => {
      const { core, x, format } = frame;
      new Frame(core, format === single ? double : single).give(x);
    },
    cycles: [15, 23],
  },
];

/** Routines in the table of a format. */
export const floatEntries = routines.length;

/** Tables of the ROM by their letters, and the format that each is for. */
const formats = { SF: single, SD: double };
export const floatTables = Object.keys(formats) as readonly (keyof typeof formats)[];

/**
 * Serves a floating-point routine of the boot ROM: rounding to nearest, without denormal numbers and
 * without NaN (RP2040 datasheet, 2.8.3.2).
 *
 * @param number of the routine, those of single precision first
 * @returns the cycles that it takes, or undefined when there is no such routine
 */
export function serveFloat(number: number, core: Core): number | undefined {
  const table = Math.floor(number / floatEntries);
  const [routine, format] = [routines[number % floatEntries], Object.values(formats)[table]];
  if (!routine || !format) return undefined;
  routine.run(new Frame(core, format));
  return routine.cycles[format === single ? 0 : 1];
}
