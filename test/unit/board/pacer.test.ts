import { describe, expect, test } from 'vitest';
import { Pacer } from '../../../src/node/board/virtual/pacer';

describe('pacer', () => {
  test('a paced board waits for real time', () => {
    const pacer = new Pacer(true);
    expect(pacer.delayAfter(0, 100, 0)).toBe(0);
    expect(pacer.delayAfter(30, 110, 0)).toBe(20);
    expect(pacer.delayAfter(33, 130, 0)).toBe(0);
    expect(pacer.delayAfter(35, 150, 0)).toBe(0);
  });

  test('does not try to make up a long lag', () => {
    const pacer = new Pacer(true);
    pacer.delayAfter(0, 0, 0);
    expect(pacer.delayAfter(10, 500, 0)).toBe(0);
    expect(pacer.delayAfter(30, 510, 0)).toBe(10);
  });

  test('a busy board never waits', () => {
    const pacer = new Pacer(false);
    for (let ms = 0; ms < 5000; ms += 50) expect(pacer.delayAfter(ms, 0, 0.5)).toBe(0);
  });

  test('long rest is slowed to real time, until something happens', () => {
    const pacer = new Pacer(false);
    expect(pacer.delayAfter(0, 0, 1)).toBe(0);
    expect(pacer.delayAfter(999, 1, 1)).toBe(0);
    expect(pacer.delayAfter(1000, 2, 1)).toBe(0);
    expect(pacer.delayAfter(1010, 3, 1)).toBe(0);
    // The host wakes for no less than this.
    expect(pacer.delayAfter(1060, 3, 1)).toBe(59);
    pacer.noteActivity();
    expect(pacer.delayAfter(1070, 4, 1)).toBe(0);
    expect(pacer.delayAfter(1500, 5, 1)).toBe(0);
  });
});
