import type { ChipMemory } from '../chip/memory-map';
import type { KnownRegion } from './known-regions';
import type { StoredRegion } from './region-store';
import { codeUnitBits } from './sram-access';
import type { Span } from './translate';

/** What is known of one memory, by its half-words. */
export interface CodeMemory {
  base: number;
  /** Descriptors of the blocks that begin there; 0 where none does. */
  blocks: Int32Array;
  /** How often a place was reached that had no block. */
  visits: Uint8Array;
  /** The regions that reach into a unit of code. */
  reaching: Map<number, Set<CachedRegion>>;
}

export interface CachedRegion {
  stored: StoredRegion | undefined;
  /** What it takes to have it again without translating. */
  known: KnownRegion | undefined;
  /** Indices of half-words at which its blocks begin. */
  entries: number[];
  /** Units of code that it was made from. */
  units: Set<number>;
}

/** A memory that nothing is known of; descriptors of its blocks lie at `at`. */
export function memoryAt(
  { words }: ChipMemory,
  base: number,
  bytes: number,
  at: number,
): CodeMemory {
  const halfWords = bytes / 2;
  const blocks = words.subarray(at / 4, at / 4 + halfWords);
  return { base, blocks, visits: new Uint8Array(halfWords), reaching: new Map() };
}

/** Whether the code at an address is to be part of a region: it has run, and is in no other yet. */
export function belongs({ base, visits, blocks }: CodeMemory, address: number): boolean {
  const index = (address - base) >>> 1;
  return index < blocks.length && (visits[index] ?? 0) > 0 && blocks[index] === 0;
}

/** The units of code that a span reaches into. */
export function unitsOf({ base }: CodeMemory, { start, end }: Span): number[] {
  const first = (start - base) >>> codeUnitBits;
  const last = (end - 1 - base) >>> codeUnitBits;
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
