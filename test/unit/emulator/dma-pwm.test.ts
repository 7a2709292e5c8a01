import { beforeEach, expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import { flashWith, halfwords } from './assemble';

let machine: Machine;

beforeEach(() => {
  machine = new Machine(flashWith(halfwords(0xe7fe)), {
    onOutput: () => undefined,
    onEvent: () => undefined,
  });
  machine.run(10_000);
});

const store = (address: number, value: number): void =>
  machine.cores[0].bus.store32(address, value);
const load = (address: number): number => machine.cores[0].bus.load32(address) >>> 0;

const dma = 0x50000000;
const [source, sink] = [0x20010000, 0x20020000];
const [setAlias, clearAlias] = [0x2000, 0x3000];

/** Moves bytes to one address on the first channel; `extra` are bits of its control. */
function move(count: number, request: number, extra = 0): void {
  store(dma, source);
  store(dma + 4, sink);
  store(dma + 8, count);
  store(dma + 0xc, (request << 15) | (1 << 4) | extra | 1);
}

test.each([0, 1, 2, 3])(
  'pacing timer %i divides clk_sys by the second half of its setting',
  (timer) => {
    store(dma + 0x420 + 4 * timer, (2 << 16) | 2500);
    move(100, 59 + timer);
    const isBusy = () => (load(dma + 0xc) & (1 << 24)) !== 0;
    machine.run(98 * 1250);
    expect(isBusy()).toBe(true);
    machine.run(4 * 1250);
    expect(isBusy()).toBe(false);
  },
);

test.each([
  ['CRC-32 of the Ethernet', 1, 0xffffffff, 3 << 10, 0xcbf43926],
  ['CRC-32 from the top bit', 0, 0xffffffff, 1 << 11, 0xfc891918],
  ['CRC-16-CCITT', 2, 0xffff, 0, 0x29b1],
  ['parity', 14, 0, 0, 1],
  ['sum', 15, 0, 0, 477],
])('the sniffer calculates %s', (_, calculation, seed, output, expected) => {
  [...'123456789'].forEach((digit, at) =>
    machine.cores[0].bus.store8(source + at, digit.charCodeAt(0)),
  );
  store(dma + 0x434, output | (calculation << 5) | 1);
  store(dma + 0x438, seed);
  move(9, 63, 1 << 23);
  machine.run(1000);
  expect(load(dma + 0x438)).toBe(expected);
  expect(load(sink) & 0xff).toBe('9'.charCodeAt(0));
});

test('slices of PWM tell which are enabled, and a divider starts none', () => {
  const [pwm, enables] = [0x40050000, 0x400500a0];
  store(pwm + 0x8, 500);
  store(pwm + 0x4, 4 << 4);
  machine.run(1000);
  expect(load(pwm + 0x8)).toBe(500);
  store(pwm + 0x14, 1);
  store(enables + setAlias, 0b101);
  expect([0, 1, 2].map((slice) => load(pwm + 0x14 * slice) & 1)).toEqual([1, 1, 1]);
  expect(load(enables)).toBe(0b111);
  store(enables + clearAlias, 0b10);
  expect(load(enables)).toBe(0b101);
});

test('a slice of PWM that wraps asks for one transfer of DMA', () => {
  const pwm = 0x40050000;
  store(pwm + 0x10, 999);
  store(pwm, 1);
  move(5, 24);
  const left = () => load(dma + 8);
  machine.run(1500);
  expect(left()).toBe(4);
  machine.run(3000);
  expect(left()).toBe(1);
  machine.run(1000);
  expect(left()).toBe(0);
});

test('setting bits of the control of the ADC after a conversion starts none', () => {
  const control = 0x4004c000;
  store(control, 0b101);
  machine.run(1000);
  expect(load(control)).toBe(0x101);
  store(control + setAlias, 0b10);
  expect(load(control)).toBe(0x103);
});
