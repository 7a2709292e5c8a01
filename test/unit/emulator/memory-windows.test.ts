import { beforeEach, expect, test } from 'vitest';
import { flashCache } from '../../../src/core/chip';
import { ChipFault } from '../../../src/emulator/fault';
import { Machine } from '../../../src/emulator/machine';
import { flashWith, halfwords } from './assemble';

const [cached, uncached] = [0x10000100, 0x13000100];
const control = 0x14000000;
const [setAlias, clearAlias] = [0x2000, 0x3000];
const cacheRam = 0x15000000;
const [enable, badWriteFaults, powerDown] = [1, 2, 8];

let machine: Machine;

beforeEach(() => {
  machine = new Machine(flashWith(halfwords(0xe7fe, 0x1234, 0x5678, 0x9abc)), {
    onOutput: () => undefined,
    onEvent: () => undefined,
  });
  machine.run(10_000);
});

const bus = () => machine.cores[0].bus;
const load = (address: number): number => bus().load32(address) >>> 0;
const store = (address: number, value: number): void => bus().store32(address, value);

test('a store to the cached window of the flash forgets a line and changes nothing', () => {
  const before = load(cached);
  bus().takeStall();
  load(cached);
  expect(bus().takeStall()).toBe(0);
  store(cached, 0);
  bus().store8(cached, 0);
  expect(load(cached)).toBe(before);
  expect(bus().takeStall()).toBe(flashCache.missCycles);
});

test('a store to another window is a fault until the program lets it be ignored', () => {
  expect(() => store(uncached, 0)).toThrow(ChipFault);
  store(control + clearAlias, badWriteFaults);
  expect(load(control)).toBe(enable);
  const before = load(cached);
  store(uncached, 0);
  expect(load(cached)).toBe(before);
  expect(() => bus().store16(cached + 1, 0)).toThrow(/unaligned/);
});

test('the memory of the cache is SRAM while the cache is switched off', () => {
  expect(() => load(cacheRam)).toThrow(ChipFault);
  store(control + clearAlias, enable);
  for (let word = 0; word < 4096; word++) store(cacheRam + 4 * word, Math.imul(word, 2654435761));
  for (let word = 0; word < 4096; word++) {
    expect(load(cacheRam + 4 * word)).toBe(Math.imul(word, 2654435761) >>> 0);
  }
  bus().store8(cacheRam + 1, 0xab);
  bus().store16(cacheRam + 2, 0xcdef);
  expect(load(cacheRam)).toBe(0xcdefab00);
  // Programs run there: movs r0, #7
  bus().store16(cacheRam, 0x2007);
  const [core] = machine.cores;
  core.PC = cacheRam;
  core.step();
  expect(core.get(0)).toBe(7);
  store(control, powerDown | enable);
  expect(load(control)).toBe(powerDown);
  expect(() => load(cacheRam)).toThrow(ChipFault);
});

test('every access to the flash waits while the cache is switched off', () => {
  store(control + clearAlias, enable);
  for (let access = 0; access < 3; access++) load(cached);
  expect(bus().takeStall()).toBe(3 * flashCache.missCycles);
  store(control + setAlias, enable);
  for (let access = 0; access < 3; access++) load(cached);
  expect(bus().takeStall()).toBe(flashCache.missCycles);
});

test('the counters of the cache are cleared one by one', () => {
  const [hits, accesses] = [control + 0xc, control + 0x10];
  load(cached);
  store(hits, 1);
  for (let access = 0; access < 3; access++) load(cached);
  expect(load(hits)).toBe(3);
  expect(load(accesses)).toBeGreaterThan(3);
  store(accesses, 1);
  load(cached);
  expect([load(hits), load(accesses)]).toEqual([4, 1]);
});

test('the stream of the cache brings words of the flash, two ahead, to a core or to DMA', () => {
  const [status, address, count, fifo] = [0x08, 0x14, 0x18, 0x1c].map((at) => control + at);
  const words = [0, 1, 2, 3].map((word) => load(cached + 4 * word));
  const [isEmpty, isFull] = [2, 4];
  expect(load(status!) & isEmpty).not.toBe(0);
  store(address!, cached);
  store(count!, 4);
  machine.run(10 * flashCache.missCycles);
  expect(load(status!) & isFull).not.toBe(0);
  expect(load(count!)).toBe(2);
  for (const word of words) {
    machine.run(2 * flashCache.missCycles);
    expect(load(fifo!)).toBe(word);
  }
  expect([load(status!) & isEmpty, load(count!)]).toEqual([isEmpty, 0]);
  // By DMA from the auxiliary bus: words to ascending addresses at the request of the stream.
  const channel = 0x50000000;
  store(channel, 0x50400000);
  store(channel + 4, 0x20010000);
  store(channel + 8, 4);
  store(channel + 0xc, (37 << 15) | (1 << 5) | (2 << 2) | 1);
  store(address!, cached);
  store(count!, 4);
  machine.run(20 * flashCache.missCycles);
  expect([0, 1, 2, 3].map((word) => load(0x20010000 + 4 * word))).toEqual(words);
});

test('the banks of SRAM appear one after the other, to cores and to DMA', () => {
  for (let word = 0; word < 8; word++) store(0x20000100 + 4 * word, word);
  const bank = 0x10000;
  const inBanks = [0, 1, 2, 3].map((number) => load(0x21000040 + number * bank));
  expect(inBanks).toEqual([0, 1, 2, 3]);
  expect(load(0x21000044)).toBe(4);
  bus().store8(0x21010041, 0xff);
  expect(load(0x20000104)).toBe(0xff01);
  expect(() => load(0x21040000)).toThrow(ChipFault);
  machine.chip.writeUint32(0x21020040, 77);
  expect(load(0x20000108)).toBe(77);
});

test.each([
  ['CTRLR0', 0x00, 0x017fffff],
  ['SER', 0x10, 1],
  ['IMR', 0x2c, 0x3f],
  ['SPI_CTRLR0', 0xf4, 0xff07fb3f],
])('the interface of the flash keeps what is written: %s', (_, offset, bits) => {
  const register = 0x18000000 + offset;
  store(register, -1);
  expect(load(register)).toBe(bits);
  store(register + clearAlias, 1);
  expect(load(register)).toBe((bits & ~1) >>> 0);
  store(register + setAlias, 1);
  expect(load(register)).toBe(bits);
});

/** Sends bytes to the flash chip and gets its answers, as a program that holds its select pin. */
function askFlash(bytes: readonly number[]): number[] {
  const select = 0x4001800c;
  store(select, 2 << 8);
  const answers = bytes.map((byte) => {
    store(0x18000060, byte);
    return load(0x18000060);
  });
  store(select, 3 << 8);
  return answers;
}

test('the flash chip tells who it is, and its unique id', () => {
  expect(askFlash([0x9f, 0, 0, 0])).toEqual([0, 0xef, 0x40, 21]);
  // The firmware of a board with more flash.
  machine.chip.flash[3 * 1024 * 1024] = 0;
  expect(askFlash([0x9f, 0, 0, 0])).toEqual([0, 0xef, 0x40, 22]);
  const [id, again] = [0, 1].map(() => askFlash([0x4b, ...new Array<number>(12).fill(0)]));
  expect(id?.slice(5)).toEqual([0xe6, 0x60, 0x58, 0x38, 0x83, 0, 0, 1]);
  expect(again).toEqual(id);
});

test('without a hold on the select pin, a command ends with its last answer', () => {
  const data = 0x18000060;
  const status = 0x18000028;
  for (const [command, answer] of [
    [0x35, 2],
    [0x05, 0],
  ] as const) {
    store(data, command);
    store(data, 0);
    expect(load(status) & 8).toBe(8);
    expect([load(data), load(data)]).toEqual([0, answer]);
    expect(load(status) & 8).toBe(0);
  }
});

/** Sets up the SSI and a channel of DMA for words of the flash, as pico-examples' flash/ssi_dma. */
function streamWords(offset: number, words: number, target: number): void {
  const ssi = 0x18000000;
  const channel = 0x50000000;
  store(ssi + 0x08, 0);
  store(ssi, (2 << 21) | (31 << 16) | (3 << 8));
  store(ssi + 0xf4, (0xa0 << 24) | (4 << 11) | (8 << 2) | 2);
  store(ssi + 0x14, 2);
  store(ssi + 0x04, words - 1);
  store(ssi + 0x4c, 3);
  store(ssi + 0x08, 1);
  store(channel, ssi + 0x60);
  store(channel + 4, target);
  store(channel + 8, words);
  // Swapped bytes, paced by the SSI, words, counting up the target.
  store(channel + 0xc, (1 << 22) | (39 << 15) | (1 << 5) | (2 << 2) | 1);
  store(ssi + 0x60, ((offset << 8) | 0xa0) >>> 0);
}

const isMoving = () => (load(0x5000000c) & (1 << 24)) !== 0;

test('the SSI streams words to DMA, a word every 8 clocks of the flash', () => {
  const words = 200;
  const contents = Array.from({ length: words }, (_, word) => load(cached + 4 * word));
  streamWords(0x100, words, 0x20010000);
  expect(load(0x18000028) & 1).toBe(1);
  const duration = (12 + 8 * words) * 2;
  machine.run(duration - 400);
  expect(isMoving()).toBe(true);
  machine.run(800);
  expect(isMoving()).toBe(false);
  expect(contents.map((_, word) => load(0x20010000 + 4 * word))).toEqual(contents);
  store(0x18000008, 0);
});

test('a program that reads the flash while the SSI streams is told', () => {
  streamWords(0x100, 16, 0x20010000);
  load(0x10001000);
  expect(() => store(0x18000008, 0)).toThrow(/1 times while the SSI streamed/);
  streamWords(0x100, 16, 0x20010000);
  // What the cache holds needs no flash.
  load(0x10001000);
  store(0x18000008, 0);
});
