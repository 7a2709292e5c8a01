import { expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import { floatTables } from '../../../src/emulator/rom/floating-point';

const { cores } = new Machine([], { onOutput: () => undefined, onEvent: () => undefined });
const [core] = cores;

/** Offsets in the tables, as the pico-sdk knows them. */
const at = {
  ...{ add: 0x00, sub: 0x04, mul: 0x08, div: 0x0c, compareFlags: 0x14, sqrt: 0x18, toInt: 0x1c },
  ...{ toFix: 0x20, toUint: 0x24, fromInt: 0x2c, fromFix: 0x30, fromUint: 0x34, sin: 0x40 },
  ...{ exp: 0x4c, ln: 0x50, compare: 0x54, atan2: 0x58, fromInt64: 0x5c, fromUint64: 0x64 },
  ...{ fromFix64: 0x60, fromUfix64: 0x68, toInt64: 0x6c, toUfix64: 0x78, convert: 0x7c },
};

const bits = new DataView(new ArrayBuffer(8));

function wordOf(value: number): number {
  bits.setFloat32(0, value);
  return bits.getInt32(0);
}

function numberOf(word: number): number {
  bits.setInt32(0, word);
  return bits.getFloat32(0);
}

/** Low and high word. */
function wordsOf(value: number): [number, number] {
  bits.setFloat64(0, value);
  return [bits.getInt32(4), bits.getInt32(0)];
}

function doubleOf(low: number, high: number): number {
  bits.setInt32(4, low);
  bits.setInt32(0, high);
  return bits.getFloat64(0);
}

/** Runs a routine to its end. */
function run(address: number, ...parameters: number[]): void {
  parameters.forEach((value, register) => core.set(register, value));
  core.LR = 0x20000101;
  core.PC = address & ~1;
  while (core.PC !== 0x20000100) core.step();
}

/** Looks a table up as the pico-sdk does. */
function tableOf(letters: 'SF' | 'SD'): number {
  const code = letters.charCodeAt(0) | (letters.charCodeAt(1) << 8);
  run(core.bus.load16(0x18), core.bus.load16(0x16), code);
  return core.get(0);
}

/** Calls a routine of a table; returns r0 to r3. */
function call(table: 'SF' | 'SD', offset: number, ...parameters: number[]): number[] {
  run(core.bus.load32(tableOf(table) + offset), ...parameters);
  return [0, 1, 2, 3].map((register) => core.get(register));
}

const single = (offset: number, ...values: number[]): number =>
  numberOf(call('SF', offset, ...values.map(wordOf))[0] ?? 0);
const double = (offset: number, ...values: number[]): number => {
  const [low = 0, high = 0] = call('SD', offset, ...values.flatMap(wordsOf));
  return doubleOf(low, high);
};

test('both tables state their number of routines', () => {
  for (const letters of floatTables) expect(core.bus.load8(tableOf(letters) - 2)).toBe(32);
});

test('arithmetic rounds to nearest in its own precision', () => {
  expect(single(at.add, 0.1, 0.2)).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.2)));
  expect(single(at.sub, 1, 2 ** -25)).toBe(1);
  expect(single(at.mul, 2, 3)).toBe(6);
  expect(single(at.div, 1, 3)).toBe(Math.fround(1 / 3));
  expect(single(at.sqrt, 2)).toBe(Math.fround(Math.SQRT2));
  expect(double(at.add, 0.1, 0.2)).toBe(0.1 + 0.2);
  expect(double(at.div, 1, 3)).toBe(1 / 3);
  expect(double(at.atan2, 1, -1)).toBe(Math.atan2(1, -1));
  expect(single(at.exp, 1)).toBe(Math.fround(Math.E));
});

test('there are neither denormal numbers nor NaN', () => {
  expect(single(at.mul, 2 ** -100, 2 ** -30)).toBe(0);
  expect(Object.is(single(at.mul, -(2 ** -100), 2 ** -30), -0)).toBe(true);
  expect(single(at.sub, Infinity, Infinity)).toBe(Infinity);
  expect(single(at.ln, -1)).toBe(-Infinity);
  expect(double(at.div, 1, 0)).toBe(Infinity);
});

test('integers are rounded down and kept within their limits', () => {
  const toInt = (value: number): number => call('SF', at.toInt, wordOf(value))[0] ?? NaN;
  expect([2.5, -2.5, 1e20, -1e20].map(toInt)).toEqual([2, -3, 0x7fffffff, -0x80000000]);
  expect(call('SF', at.toUint, wordOf(-1))[0]).toBe(0);
  expect(call('SF', at.toUint, wordOf(4e9))[0]).toBe(4e9 | 0);
  expect(call('SF', at.toFix, wordOf(1.5), 8)[0]).toBe(384);
  expect(call('SD', at.toFix, ...wordsOf(-1.5), 1)[0]).toBe(-3);
  expect(call('SD', at.toInt64, ...wordsOf(-1.5)).slice(0, 2)).toEqual([-2, -1]);
  expect(call('SF', at.toUfix64, wordOf(1), 32).slice(0, 2)).toEqual([0, 1]);
  expect(call('SD', at.toUfix64, ...wordsOf(0), 5000).slice(0, 2)).toEqual([0, 0]);
});

test('integers become numbers, rounded once', () => {
  expect(numberOf(call('SF', at.fromInt, -7)[0] ?? 0)).toBe(-7);
  expect(numberOf(call('SF', at.fromUint, -1)[0] ?? 0)).toBe(2 ** 32);
  expect(numberOf(call('SF', at.fromFix, 3, 1)[0] ?? 0)).toBe(1.5);
  // 2^60 + 2^36 is half way between two numbers; the bit below it decides.
  expect(numberOf(call('SF', at.fromInt64, 1, 2 ** 28 + 2 ** 4)[0] ?? 0)).toBe(2 ** 60 + 2 ** 37);
  expect(numberOf(call('SF', at.fromInt64, 0, 2 ** 28 + 2 ** 4)[0] ?? 0)).toBe(2 ** 60);
  const [low = 0, high = 0] = call('SD', at.fromUint64, -1, -1);
  expect(doubleOf(low, high)).toBe(2 ** 64);
});

test('small integers and fixed point of 64 bits become numbers', () => {
  const wide = (value: bigint): [number, number] => [
    Number(BigInt.asIntN(32, value)),
    Number(BigInt.asIntN(32, value >> 32n)),
  ];
  const of = (offset: number, value: bigint, ...rest: number[]): number =>
    numberOf(call('SF', offset, ...wide(value), ...rest)[0] ?? 0);
  for (const value of [3, -2147483649, 4294967297, 5000000001, 8589934593, 2 ** 52 + 1]) {
    expect(of(at.fromInt64, BigInt(value))).toBe(Math.fround(value));
  }
  expect(of(at.fromUint64, 3n)).toBe(3);
  expect(of(at.fromFix64, -3n, 1)).toBe(-1.5);
  expect(of(at.fromFix64, 3n, -34)).toBe(3 * 2 ** 34);
  expect(of(at.fromUfix64, 1000n, 10)).toBe(1000 / 1024);
});

test('comparisons answer in r0 or in the flags', () => {
  const compare = (x: number, y: number): number =>
    call('SF', at.compare, wordOf(x), wordOf(y))[0] ?? NaN;
  expect([compare(1, 2), compare(0, -0), compare(3, -3)]).toEqual([-1, 0, 1]);
  expect(compare(Infinity, Infinity)).toBe(0);
  call('SF', at.compareFlags, wordOf(1), wordOf(2));
  expect([core.Z, core.C]).toEqual([false, false]);
  call('SF', at.compareFlags, wordOf(2), wordOf(2));
  expect([core.Z, core.C]).toEqual([true, true]);
});

test('a sine comes with its cosine, and formats become each other', () => {
  const [sine = 0, cosine = 0] = call('SF', at.sin, wordOf(1));
  expect([numberOf(sine), numberOf(cosine)]).toEqual([Math.sin(1), Math.cos(1)].map(Math.fround));
  const [low = 0, high = 0] = call('SF', at.convert, wordOf(0.1));
  expect(doubleOf(low, high)).toBe(Math.fround(0.1));
  expect(numberOf(call('SD', at.convert, ...wordsOf(0.1))[0] ?? 0)).toBe(Math.fround(0.1));
});
