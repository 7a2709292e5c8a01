import { longCount } from '../long-count';
import { bypass, cachePlace } from './cache-place';
import { flashMask } from './address-map';
import { memoryMap, type ChipMemory } from './memory-map';

/** 16 KB in two ways of lines of 8 bytes. */
const sets = 1024;
const ways = 2;
/** An entry whose tag no line has. */
const empty = -4;
/** Of an entry, the bits that say which halves are there. */
const halves = 3;

/**
 * The cache between the flash chip and both cores (RP2040 datasheet, 2.6.3): which lines it holds,
 * not what is in them, since the flash is at hand. The least recently used way is replaced. Its
 * entries lie in the chip's memory, where translated code looks at them; see `cachePlace`.
 */
export class XipCache {
  private readonly entries: Int32Array;
  private readonly victims: Uint8Array;
  private counted = longCount;

  /** @param touchEntry see `RuntimeExports.touch` */
  constructor(
    private readonly memory: ChipMemory,
    private readonly touchEntry: (address: number) => number,
  ) {
    this.counted = 0;
    const first = memoryMap.cacheEntries / 4;
    this.entries = memory.words.subarray(first, first + sets * ways);
    this.victims = memory.bytes.subarray(memoryMap.cacheVictims, memoryMap.cacheVictims + sets);
    memory.doubles[memoryMap.cacheMisses / 8] = 0;
    this.enabled = true;
  }

  /** Accesses since the chip's start. */
  get accesses(): number {
    return this.counted;
  }

  /** Accesses that had to wait for the flash chip. */
  get misses(): number {
    return this.memory.doubles[memoryMap.cacheMisses / 8] ?? 0;
  }

  get enabled(): boolean {
    return this.memory.words[memoryMap.cacheBypass / 4] === 0;
  }

  /** While it is switched off, every access waits; what it held is overwritten by its other use. */
  set enabled(enabled: boolean) {
    this.memory.words[memoryMap.cacheBypass / 4] = enabled ? 0 : bypass;
    this.flush();
  }

  /** Notes an access to an address of the flash; returns the cycles that it waits. */
  touch(address: number): number {
    this.counted++;
    return this.touchEntry(address);
  }

  /** Counts accesses of translated code, which looks at the entries by itself. */
  count(accesses: number): void {
    this.counted += accesses;
  }

  /** Forgets all lines. */
  flush(): void {
    this.entries.fill(empty);
    this.victims.fill(0);
  }

  /** Forgets the line of an address of the flash. */
  forget(address: number): void {
    const { set, wanted } = cachePlace(address & flashMask);
    for (let entry = set * ways; entry < (set + 1) * ways; entry++) {
      const held = this.entries[entry] ?? empty;
      if ((held & ~halves) === (wanted & ~halves)) this.entries[entry] = empty;
    }
  }

  /** Everything that decides about later accesses, for comparing two machines. */
  get state(): { entries: Int32Array; victims: Uint8Array } {
    return { entries: this.entries.slice(), victims: this.victims.slice() };
  }
}
