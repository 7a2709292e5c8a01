import { expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import { flashWith, halfwords } from './assemble';

/** A machine that counts in a loop, and its bus. */
function machine() {
  const output: number[] = [];
  const made = new Machine(flashWith(halfwords(0xe7fe)), {
    onOutput: (bytes) => output.push(...bytes),
    onEvent: () => undefined,
  });
  made.run(1000);
  return { made, bus: made.cores[0].bus, output };
}

test('a UART is as slow as its baud rate, behind a buffer of 32 bytes', () => {
  const { made, bus, output } = machine();
  const [data, flags] = [0x40034000, 0x40034018];
  const [busy, full, empty] = [1 << 3, 1 << 5, 1 << 7];
  const flagsNow = (): number => bus.load32(flags) & (busy | full | empty);
  // 115200 baud of 125 MHz; clk_peri runs.
  bus.store32(0x40008048, 1 << 11);
  bus.store32(0x40034024, 67);
  bus.store32(0x40034028, 52);
  // FIFOs are enabled.
  bus.store32(0x4003402c, 0x70);
  const { clkPeri } = made.chip;
  expect(flagsNow()).toBe(empty);
  for (let sent = 0; sent < 33; sent++) {
    expect(flagsNow() & full).toBe(0);
    bus.store32(data, sent);
  }
  expect(flagsNow()).toBe(busy | full);
  expect(output).toHaveLength(33);
  const byteCycles = (made.chip.clkSys / clkPeri) * 16 * 10 * (67 + 52 / 64);
  made.run(byteCycles);
  expect(flagsNow()).toBe(busy);
  made.run(32 * byteCycles);
  expect(flagsNow()).toBe(empty);
});

test('clocks can be measured', () => {
  const { made, bus } = machine();
  const clkSys = 9;
  bus.store32(0x40008094, clkSys);
  expect(bus.load32(0x40008098) & (1 << 4)).not.toBe(0);
  expect(bus.load32(0x4000809c) >>> 5).toBe(Math.floor(made.chip.clkSys / 1000));
  const crystal = 5;
  bus.store32(0x40008094, crystal);
  expect(bus.load32(0x4000809c) >>> 5).toBe(12_000);
});

test('the temperature is that of a room, and the ADC goes round its channels', () => {
  const { made, bus } = machine();
  const [control, result] = [0x4004c000, 0x4004c004];
  const once = (channel: number, others = 0): void => {
    bus.store32(control, 0b111 | (channel << 12) | (others << 16));
    made.run(1000);
  };
  once(4);
  const celsius = 27 - ((bus.load32(result) * 3.3) / 4096 - 0.706) / 0.001721;
  expect(celsius).toBeGreaterThan(15);
  expect(celsius).toBeLessThan(35);
  const visited = [1, 2, 3].map(() => {
    const channel = (bus.load32(control) >>> 12) & 7;
    once(channel, 0b10101);
    return channel;
  });
  expect(visited).toEqual([4, 0, 2]);
});

test('the ring oscillator yields bits of both kinds', () => {
  const { bus } = machine();
  const bits = Array.from({ length: 64 }, () => bus.load32(0x4006001c));
  expect(new Set(bits)).toEqual(new Set([0, 1]));
});

test('the core voltage can be set, also by bits, and reads as reached', () => {
  const { bus } = machine();
  const [regulator, exclusiveOr] = [0x40064000, 0x40065000];
  expect(bus.load32(regulator)).toBe(0x10b1);
  // 1.10 V is setting 11; 1.15 V is 12.
  bus.store32(exclusiveOr, (11 ^ 12) << 4);
  expect(bus.load32(regulator)).toBe(0x10c1);
});
