import { RP2040 } from 'rp2040js';
import { describe, expect, it } from 'vitest';
import { Interpolator } from '../../../src/emulator/chip/interpolator';
import { numbersFrom } from '../board/random';

/** Offsets of registers in an interpolator. */
const accumulator0 = 0x00;
const accumulator1 = 0x04;
const base0 = 0x08;
const base1 = 0x0c;
const popLane0 = 0x14;
const peekLane0 = 0x20;
const peekLane1 = 0x24;
const controlLane0 = 0x2c;
const controlLane1 = 0x30;
const bases1And0 = 0x3c;
const registerBytes = 0x40;

const signed = 1 << 15;
const crossInput = 1 << 16;
const forceBit29 = 2 << 19;
const mask = (lowest: number, highest: number) => (lowest << 5) | (highest << 10);

/** rp2040js writes bits that are forced on results back to the accumulators, too. */
const forcedBits = 3 << 19;

describe('an interpolator', () => {
  it.each([
    ['blend', 0x80],
    ['clamp', 0xc0],
  ] as const)('that can %s does as the one of rp2040js', (mode, stockBase) => {
    const random = numbersFrom(7);
    const word = () => ((random(0x10000) << 16) | random(0x10000)) >>> random(3);
    const { sio } = new RP2040();
    const ours = new Interpolator(mode);
    for (let trial = 0; trial < 2000; trial++) {
      for (let access = 0; access < 40; access++) {
        // Set lanes before the rest, so that most accesses are to lanes that do something.
        const settles = access < 2;
        const offset = settles ? controlLane0 + 4 * access : 4 * random(registerBytes / 4);
        const isControl = offset === controlLane0 || offset === controlLane1;
        if (settles || random(2) === 0) {
          const value = isControl ? word() & ~forcedBits : word();
          ours.write(offset, value);
          // Registers of results take no writes; rp2040js warns of each.
          if (offset < popLane0 || offset >= controlLane0) {
            sio.writeUint32(stockBase + offset, value >>> 0);
          }
        } else if (offset !== bases1And0) {
          const expected = sio.readUint32(stockBase + offset) >>> 0;
          expect(ours.read(offset) >>> 0, `register ${offset} of trial ${trial}`).toBe(expected);
        }
      }
    }
  });

  it('makes addresses from the fields of a word, as the ternary kernel has it', () => {
    const interpolator = new Interpolator('blend');
    interpolator.write(controlLane0, mask(3, 9) | crossInput);
    interpolator.write(controlLane1, 7 | mask(0, 31));
    interpolator.write(base0, 0x20001000);
    interpolator.write(accumulator1, (80 << 3) | (1 << 10) | (40 << 17));
    const read = [1, 2, 3, 4].map(() => interpolator.read(popLane0) - 0x20001000);
    expect(read).toEqual([640, 8, 320, 0]);
  });

  it('divides a word into halves, with a sign where a lane has one, and sums them', () => {
    const interpolator = new Interpolator('clamp');
    interpolator.write(controlLane0, mask(0, 31));
    interpolator.write(controlLane1, mask(0, 31) | signed);
    interpolator.write(accumulator0, -32768);
    for (let times = 0; times < 2; times++) {
      interpolator.write(bases1And0, (-5 << 16) | 0xfffe);
      interpolator.read(popLane0);
    }
    expect(interpolator.read(accumulator0)).toBe(2 * 0xfffe - 32768);
    expect(interpolator.read(accumulator1)).toBe(-10);
  });

  it('forces bits on what is read and not on what it calculates with', () => {
    const interpolator = new Interpolator('blend');
    interpolator.write(controlLane0, mask(0, 31) | forceBit29);
    interpolator.write(controlLane1, mask(0, 31));
    interpolator.write(accumulator0, 3);
    interpolator.write(base1, 9);
    expect(interpolator.read(peekLane0)).toBe(0x20000003);
    expect(interpolator.read(peekLane1)).toBe(0x20000009);
    expect(interpolator.read(popLane0)).toBe(0x20000003);
    expect(interpolator.read(accumulator0)).toBe(3);
  });
});
