import { expect, test } from 'vitest';
import { lowestWritten } from '../../../src/emulator/stack-depth';

const banks = 0x20040000;

/** Scratch banks in which bytes at these addresses have been written since the start. */
function written(...addresses: number[]) {
  const atStart = new Uint8Array(8192).fill(0x55);
  const now = atStart.slice();
  for (const address of addresses) now[address - banks] = 0xaa;
  return { now, atStart };
}

test('a stack reaches as far as it has been written', () => {
  expect(lowestWritten(0x20041000, written())).toBe(0x20041000);
  expect(lowestWritten(0x20040f80, written(0x20040ff0))).toBe(0x20040f80);
  expect(lowestWritten(0x20040ff8, written(0x20040f03, 0x20040e00))).toBe(0x20040e00);
  expect(lowestWritten(0x20042000, written(0x20041e02))).toBe(0x20041e00);
});

test('variables at the other end of its bank are no part of it, nor is the other bank', () => {
  expect(lowestWritten(0x20041000, written(0x20040f00, 0x20040100))).toBe(0x20040f00);
  expect(lowestWritten(0x20041010, written(0x20040ff8))).toBe(0x20041010);
});

test('a stack outside the bank is not measured', () => {
  expect(lowestWritten(0x20001000, written(0x20040f00))).toBe(0x20001000);
  expect(lowestWritten(0, written(0x20040f00))).toBe(0);
});
