import { expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import type { MachineEvent } from '../../../src/emulator/machine-event';
import { romFunctions, type RomFunction } from '../../../src/emulator/rom/image';

const events: MachineEvent[] = [];
const machine = new Machine([], {
  onOutput: () => undefined,
  onEvent: (event) => events.push(event),
});
const [core] = machine.cores;
const scratch = 0x20010000;

/** Calls a routine of the ROM on the emulator; returns r0 and the cycles. */
function call(address: number, ...parameters: readonly number[]): [number, number] {
  parameters.forEach((value, register) => core.set(register, value));
  const returnTo = 0x20000100;
  core.LR = returnTo | 1;
  core.PC = address & ~1;
  let cycles = 0;
  while (core.PC !== returnTo) cycles += core.step();
  return [core.get(0), cycles];
}

/** Looks a routine or table up as the pico-sdk does. */
function lookUp(pointer: 0x14 | 0x16, code: string): number {
  const wanted = code.charCodeAt(0) | (code.charCodeAt(1) << 8);
  return call(core.bus.load16(0x18), core.bus.load16(pointer), wanted)[0];
}

function callFunction(code: RomFunction, ...parameters: readonly number[]): [number, number] {
  return call(lookUp(0x14, code), ...parameters);
}

test('the header is that of a boot ROM of version 3', () => {
  expect([0x10, 0x11, 0x12, 0x13].map((at) => core.bus.load8(at))).toEqual([0x4d, 0x75, 1, 3]);
  expect(core.bus.load32(0)).toBe(0x20041f00);
});

test('every function is found, and unknown codes are not', () => {
  const addresses = romFunctions.map((code) => lookUp(0x14, code));
  expect(new Set(addresses).size).toBe(romFunctions.length);
  for (const address of addresses) expect(address & 1).toBe(1);
  expect(lookUp(0x14, 'XX')).toBe(0);
  expect(lookUp(0x16, 'XX')).toBe(0);
});

test.each([
  ['P3', 0xf00f0001, 9],
  ['P3', 0, 0],
  ['R3', 0x00000003, 0xc0000000 | 0],
  ['L3', 0x00010000, 15],
  ['L3', 0, 32],
  ['T3', 0x00010000, 16],
  ['T3', 0x80000000, 31],
  ['T3', 0, 32],
] as const)('%s of %i', (code, value, result) => {
  const [r0, cycles] = callFunction(code, value);
  expect(r0).toBe(result);
  expect(cycles).toBeGreaterThan(10);
});

test('memory is filled and copied, and r0 stays', () => {
  expect(callFunction('MS', scratch + 1, 0x1ab, 5)[0]).toBe(scratch + 1);
  expect([...machine.chip.sram.subarray(0x10000, 0x10008)]).toEqual([
    0, 0xab, 0xab, 0xab, 0xab, 0xab, 0, 0,
  ]);
  expect(callFunction('S4', scratch + 16, 0xcd, 8)[0]).toBe(scratch + 16);
  expect(core.bus.load32(scratch + 20)).toBe(0xcdcdcdcd | 0);
  callFunction('MC', scratch + 33, scratch + 1, 3);
  expect(core.bus.load32(scratch + 32)).toBe(0xababab00 | 0);
  callFunction('C4', scratch + 48, scratch + 16, 8);
  expect(core.bus.load32(scratch + 52)).toBe(0xcdcdcdcd | 0);
});

test('long copies cost time', () => {
  const [, cycles] = callFunction('C4', scratch + 4096, scratch, 4000);
  expect(cycles).toBeGreaterThan(2000);
});

test('flash is erased by sectors and programmed by clearing bits', () => {
  const { flash } = machine.chip;
  flash.fill(0x5a, 0x8000, 0x8000 + 8192);
  const [, cycles] = callFunction('RE', 0x8000, 4096, 65536, 0xd8);
  expect([flash[0x8fff], flash[0x9000]]).toEqual([0xff, 0x5a]);
  expect(cycles).toBeGreaterThan(5e6);
  core.bus.store32(scratch, 0x0f);
  callFunction('RP', 0x8000, scratch, 256);
  callFunction('RP', 0x9000, scratch, 256);
  expect([flash[0x8000], flash[0x9000]]).toEqual([0x0f, 0x0a]);
});

test('a reboot to USB ends the program', () => {
  callFunction('UB', 0, 0);
  expect(events.map(({ kind }) => kind)).toEqual(['bootloader']);
});
