import { expect, test } from 'vitest';
import { chip, flashCache } from '../../../src/core/chip';
import { ChipMemory } from '../../../src/emulator/chip/memory-map';
import { XipCache } from '../../../src/emulator/chip/xip-cache';
import { createRuntime } from '../../../src/emulator/runtime/runtime';

const miss = flashCache.missCycles;

function newCache(): XipCache {
  const memory = new ChipMemory();
  const devices = { load: () => 0, store: () => undefined };
  return new XipCache(memory, createRuntime(memory, devices).touch);
}

const at = (offset: number) => chip.flashAddress + offset;

test("a miss costs the cycles of a Pico's boot stage", () => {
  // Address and mode, dummy clocks, data: a flash clock is two cycles.
  expect(miss).toBeGreaterThanOrEqual(2 * (8 + 4 + 8));
  expect(miss).toBeLessThanOrEqual(2 * (8 + 4 + 8) + 8);
});

test('a miss fetches only the half of a line that was read', () => {
  const cache = newCache();
  expect([0, 2, 3].map((offset) => cache.touch(at(offset)))).toEqual([miss, 0, 0]);
  expect([4, 7, 0].map((offset) => cache.touch(at(offset)))).toEqual([miss, 0, 0]);
  expect([8, 12, 8].map((offset) => cache.touch(at(offset)))).toEqual([miss, miss, 0]);
});

test('the least recently used of two lines goes, with both of its halves', () => {
  const cache = newCache();
  const way = flashCache.bytes / 2;
  for (const offset of [0, 4, way, 0]) cache.touch(at(offset));
  expect(cache.touch(at(2 * way))).toBe(miss);
  expect([0, 4].map((offset) => cache.touch(at(offset)))).toEqual([0, 0]);
  expect(cache.touch(at(way))).toBe(miss);
  expect(cache.touch(at(2 * way + 4))).toBe(miss);
});

test('the window without allocation finds lines and fetches none', () => {
  const cache = newCache();
  const uncached = 0x1000000;
  expect(cache.touch(at(uncached))).toBe(miss);
  expect(cache.touch(at(uncached))).toBe(miss);
  cache.touch(at(0));
  expect(cache.touch(at(uncached))).toBe(0);
  expect(cache.touch(at(uncached + 4))).toBe(miss);
});

test('weights that are read in order wait as long as the estimate predicts', () => {
  const cache = newCache();
  const bytes = 2 * flashCache.bytes;
  for (let round = 0; round < 2; round++) {
    let waited = 0;
    for (let offset = 0; offset < bytes; offset++) waited += cache.touch(at(offset));
    expect(waited).toBe((bytes / flashCache.fetchBytes) * miss);
  }
});
