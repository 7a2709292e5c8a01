import { beforeEach, describe, expect, test } from 'vitest';
import { Machine } from '../../../src/emulator/machine';
import { flashWith, halfwords } from './assemble';

let machine: Machine;

beforeEach(() => {
  machine = new Machine(flashWith(halfwords(0xe7fe)), {
    onOutput: () => undefined,
    onEvent: () => undefined,
  });
  machine.run(10_000);
  // clk_peri runs.
  store(0x40008048, 1 << 11);
});

const store = (address: number, value: number): void =>
  machine.cores[0].bus.store32(address, value);
const load = (address: number): number => machine.cores[0].bus.load32(address) >>> 0;
const pends = (irq: number): boolean => (machine.cores[0].pendingInterrupts & (1 << irq)) !== 0;

/** The core keeps an interrupt pending until it is taken, or cleared so. */
const clearPending = (irq: number): void => store(0xe000e280, 1 << irq);

describe('a UART', () => {
  const base = 0x40038000;
  const [data, control, mask, raw, clear] = [0, 0x30, 0x38, 0x3c, 0x44].map((at) => base + at);
  const transmitInterrupt = 1 << 5;
  const irq = 21;
  /** Cycles of a byte at the divider set here. */
  const byteCycles = () => (machine.chip.clkSys / machine.chip.clkPeri) * 16 * 10 * 10;

  beforeEach(() => {
    store(base + 0x24, 10);
    store(base + 0x2c, 0x70);
    store(control!, 0x301);
  });

  test('interrupts once its buffer has drained to its level, until that is cleared', () => {
    store(mask!, transmitInterrupt);
    machine.run(1000);
    expect([load(raw!) & transmitInterrupt, pends(irq)]).toEqual([0, false]);
    for (let byte = 0; byte < 32; byte++) store(data!, byte);
    machine.run(14 * byteCycles());
    expect(load(raw!) & transmitInterrupt).toBe(0);
    machine.run(2 * byteCycles());
    expect([load(raw!) & transmitInterrupt, pends(irq)]).toEqual([transmitInterrupt, true]);
    store(clear!, transmitInterrupt);
    clearPending(irq);
    machine.run(100 * byteCycles());
    expect([load(raw!) & transmitInterrupt, pends(irq)]).toEqual([0, false]);
  });

  test('hears itself in loop-back, as slowly as it sends', () => {
    store(control!, 0x381);
    for (const byte of [7, 8, 9]) store(data!, byte);
    const [isEmpty, flags] = [1 << 4, base + 0x18];
    expect(load(flags) & isEmpty).not.toBe(0);
    machine.run(1.5 * byteCycles());
    expect(load(data!)).toBe(7);
    expect(load(flags) & isEmpty).not.toBe(0);
    machine.run(2 * byteCycles());
    expect([load(data!), load(data!)]).toEqual([8, 9]);
  });

  test('paces the DMA that feeds it', () => {
    const channel = 0x50000000;
    store(channel, 0x20010000);
    store(channel + 4, data!);
    store(channel + 8, 100);
    // Bytes at the request of the transmitter of UART1.
    store(channel + 0xc, (22 << 15) | 1);
    const isBusy = () => (load(channel + 0xc) & (1 << 24)) !== 0;
    machine.run(65 * byteCycles());
    expect(isBusy()).toBe(true);
    machine.run(5 * byteCycles());
    expect(isBusy()).toBe(false);
  });
});

test('SPI hears itself in loop-back and takes the time of its bits', () => {
  const base = 0x4003c000;
  const [control, data, status] = [0x04, 0x08, 0x0c].map((at) => base + at);
  const received = 1 << 2;
  store(base, 7);
  store(base + 0x10, 100);
  store(control!, 0b11);
  for (const byte of [0x5a, 0xa5]) store(data!, byte);
  expect(load(status!) & received).toBe(0);
  const wordCycles = (machine.chip.clkSys / machine.chip.clkPeri) * 100 * 8;
  machine.run(wordCycles + 10);
  expect([load(data!), load(status!) & received]).toEqual([0x5a, 0]);
  machine.run(wordCycles + 10);
  expect(load(data!)).toBe(0xa5);
  store(control!, 0b10);
  store(data!, 0x77);
  machine.run(2 * wordCycles);
  expect(load(data!)).toBe(0);
});

test('an I2C write to a device that is not there is aborted, whatever is still written of it', () => {
  const base = 0x40044000;
  const [data, raw, clearAbort, source] = [0x10, 0x34, 0x54, 0x80].map((at) => base + at);
  const [aborted, stopped, empty] = [1 << 6, 1 << 9, 1 << 4];
  store(base + 0x04, 0x17);
  store(base + 0x6c, 1);
  store(data!, 1);
  expect(load(raw!) & (aborted | empty)).toBe(0);
  machine.run(10_000);
  expect(load(raw!) & (aborted | stopped | empty)).toBe(aborted | stopped | empty);
  // The program writes on before it looks; the reason stays until it clears the abort.
  store(data!, 2);
  expect(load(base + 0x74)).toBe(0);
  expect([load(source!) & 1, load(source!) & 1]).toEqual([1, 1]);
  load(clearAbort!);
  expect([load(source!) & 1, load(raw!) & aborted]).toEqual([0, 0]);
});

describe('the real-time clock', () => {
  const base = 0x4005c000;
  const [setDate, setTime, control] = [0x04, 0x08, 0x0c].map((at) => base + at);
  const [alarmDate, alarmTime] = [base + 0x10, base + 0x14];
  const irq = 25;
  const date = (year: number, month: number, day: number): number =>
    (year << 12) | (month << 8) | day;
  const time = (weekday: number, hour: number, minute: number, second: number): number =>
    (weekday << 24) | (hour << 16) | (minute << 8) | second;
  const seconds = (count: number): void => machine.run(count * machine.chip.clkSys);
  const now = (): number[] => [load(base + 0x18), load(base + 0x1c)];

  /** Sets it to a date at 23:59:59 and starts it. */
  function start(year: number, month: number, day: number, weekday: number): void {
    store(setDate!, date(year, month, day));
    store(setTime!, time(weekday, 23, 59, 59));
    store(control!, 1 << 4);
    store(control!, 1);
  }

  test.each<[string, [number, number, number, number], [number, number, number], number]>([
    ['a leap day', [2024, 2, 28, 3], [2024, 2, 29], 4],
    ['no leap day', [2023, 2, 28, 6], [2023, 3, 1], 0],
    ['a year that has few digits', [99, 12, 31, 4], [100, 1, 1], 5],
    ['the last year', [4095, 12, 31, 2], [0, 1, 1], 3],
    // A weekday that the date does not have: the clock only counts.
    ['the weekday it was given', [2024, 1, 31, 0], [2024, 2, 1], 1],
  ])('counts over midnight: %s', (_, from, to, weekday) => {
    start(...from);
    seconds(1.1);
    expect(now()).toEqual([date(...to), time(weekday, 0, 0, 0)]);
  });

  test('does not depend on the time zone of the host', () => {
    const zone = process.env.TZ;
    process.env.TZ = 'Europe/Berlin';
    try {
      // Where summer time begins, there is no 2 o'clock.
      store(setDate!, date(2024, 3, 31));
      store(setTime!, time(0, 1, 59, 59));
      store(control!, 1 << 4);
      store(control!, 1);
      seconds(1.1);
      expect(now()).toEqual([date(2024, 3, 31), time(0, 2, 0, 0)]);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test('rings once at its alarm, until that is disabled', () => {
    start(2024, 1, 31, 3);
    store(base + 0x24, 1);
    // At second 2 of any minute.
    store(alarmTime, (1 << 28) | 2);
    store(alarmDate, 1 << 28);
    expect(load(alarmDate) & (1 << 29)).not.toBe(0);
    seconds(2.5);
    expect(pends(irq)).toBe(false);
    seconds(1);
    expect(pends(irq)).toBe(true);
    store(alarmDate, 0);
    store(alarmDate, 1 << 28);
    clearPending(irq);
    seconds(0.1);
    expect(pends(irq)).toBe(false);
  });

  test('stands still while it is not enabled', () => {
    start(2024, 1, 31, 3);
    seconds(1.1);
    store(control!, 0);
    const before = now();
    seconds(3);
    expect(now()).toEqual(before);
    store(control!, 1);
    seconds(1.1);
    expect(now()[1]).toBe(before[1]! + 1);
  });
});
