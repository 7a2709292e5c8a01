import { arithmetic } from './arithmetic';
import { bits } from './bits';
import { branches } from './branches';
import type { Encoding, Instruction } from './instruction';
import { memory } from './memory';
import { system } from './system';

const digits = 16;

/** All encodings of ARMv6-M; no two of them overlap. */
export const encodings: readonly Encoding[] = [
  ...arithmetic,
  ...bits,
  ...memory,
  ...branches,
  ...system,
];

/** What to execute for each of the 65536 first halves; undefined instructions have nothing. */
export const instructionTable: readonly (Instruction | undefined)[] = tableOf(encodings);

/** Bits that are fixed in a pattern, and their values. */
export function fixedBits(pattern: string): { mask: number; value: number } {
  let mask = 0;
  let value = 0;
  for (let bit = 0; bit < digits; bit++) {
    const digit = pattern[digits - 1 - bit];
    if (digit === '0' || digit === '1') mask |= 1 << bit;
    if (digit === '1') value |= 1 << bit;
  }
  return { mask, value };
}

/** What belongs to each of the 65536 first halves, from what belongs to each bit pattern. */
export function tableOf<T>(patterns: readonly (readonly [string, T])[]): (T | undefined)[] {
  const table = new Array<T | undefined>(1 << digits).fill(undefined);
  for (const [pattern, entry] of patterns) {
    const { mask, value } = fixedBits(pattern);
    const free = ~mask & 0xffff;
    // All subsets of the free bits, from all of them down to none.
    for (let operands = free; ; operands = (operands - 1) & free) {
      table[value | operands] = entry;
      if (operands === 0) break;
    }
  }
  return table;
}
