import { expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import { flashWith, halfwords } from './assemble';

const sio = { in: 0xd0000004, qspiIn: 0xd0000008, set: 0xd0000014, clear: 0xd0000018 };
const outputEnableSet = 0xd0000024;
const outputEnableClear = 0xd0000028;
const control = (pin: number): number => 0x40014004 + 8 * pin;
const pad = (pin: number): number => 0x4001c004 + 4 * pin;
const interruptEnable = [0x40014100, 0x40014130] as const;
const interruptStatus = [0x40014120, 0x40014150] as const;
const raw = 0x400140f0;
const pendingRegister = 0xe000e200;
const pinInterrupt = 1 << 13;
const useSio = 5;

function machine() {
  const listener = { onOutput: () => undefined, onEvent: () => undefined };
  const { cores } = new Machine(flashWith(halfwords(0xe7fe)), listener);
  const [{ bus }, second] = cores;
  const isPending = (core: 0 | 1): boolean =>
    (cores[core].bus.load32(pendingRegister) & pinInterrupt) !== 0;
  const reads = (pin: number): number => (bus.load32(sio.in) >>> pin) & 1;
  return { bus, second: second.bus, isPending, reads };
}

test('an output reads as driven', () => {
  const { bus, reads } = machine();
  bus.store32(control(25), useSio);
  bus.store32(outputEnableSet, 1 << 25);
  expect(reads(25)).toBe(0);
  bus.store32(sio.set, 1 << 25);
  expect(reads(25)).toBe(1);
  bus.store32(sio.clear, 1 << 25);
  expect(reads(25)).toBe(0);
});

test('an input follows its pull, and keeps its level without one', () => {
  const { bus, reads } = machine();
  expect(reads(3)).toBe(0);
  bus.store32(pad(3), 0x5a);
  expect(reads(3)).toBe(1);
  bus.store32(pad(3), 0x52);
  expect(reads(3)).toBe(1);
  bus.store32(pad(3), 0x56);
  expect(reads(3)).toBe(0);
});

test('the BOOTSEL button is not pressed', () => {
  const { bus } = machine();
  expect(bus.load32(sio.qspiIn) & 0b10).toBe(0b10);
});

test.each([0, 1] as const)('an edge interrupts core %i, which asked for it, alone', (core) => {
  const { bus, isPending } = machine();
  const other = core === 0 ? 1 : 0;
  const risingEdge = 8 << (4 * 2);
  bus.store32(control(2), useSio);
  bus.store32(outputEnableSet, 1 << 2);
  bus.store32(interruptEnable[core], risingEdge);
  expect(bus.load32(interruptEnable[core])).toBe(risingEdge);
  expect(isPending(core)).toBe(false);
  // Neither a look at it nor a value that it has already is an edge; nor is a pull to where it is.
  bus.store32(pad(2), 0x16);
  bus.store32(pad(2), 0x56);
  bus.store32(sio.clear, 1 << 2);
  expect(isPending(core)).toBe(false);
  bus.store32(sio.set, 1 << 2);
  expect([isPending(core), isPending(other)]).toEqual([true, false]);
  expect(bus.load32(interruptStatus[core])).toBe(risingEdge);
  expect(bus.load32(interruptStatus[other])).toBe(0);
  bus.store32(raw, risingEdge);
  expect(bus.load32(interruptStatus[core])).toBe(0);
});

test.each([0, 1] as const)(
  'a level that stays is no edge for core %i, whichever it waits for',
  (core) => {
    const { bus, isPending } = machine();
    const falling = 4 << (4 * 2);
    bus.store32(control(2), useSio);
    bus.store32(outputEnableSet, 1 << 2);
    bus.store32(interruptEnable[core], falling);
    // The pull-down keeps it where it was driven to.
    bus.store32(outputEnableClear, 1 << 2);
    expect(isPending(core)).toBe(false);
    const rising = 8 << (4 * 3);
    bus.store32(pad(3), 0x5a);
    bus.store32(raw, rising);
    bus.store32(interruptEnable[core], rising);
    bus.store32(control(3), useSio);
    bus.store32(sio.set, 1 << 3);
    bus.store32(outputEnableSet, 1 << 3);
    expect(isPending(core)).toBe(false);
  },
);
