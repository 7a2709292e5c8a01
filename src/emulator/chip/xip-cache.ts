import { longCount } from '../long-count';
import { memoryMap, type ChipMemory } from './memory-map';

/** 16 KB in two ways of lines of 8 bytes. */
const sets = 1024;
const ways = 2;
/** An entry whose tag no line has. */
const empty = -4;

const registers = { control: 0x00, flush: 0x04, status: 0x08, hits: 0x0c, accesses: 0x10 } as const;
const flushedAndStreamEmpty = 3;
const enabled = 3;

/**
 * The cache between the flash chip and both cores (RP2040 datasheet, 2.6.3): which lines it holds,
 * not what is in them, since the flash is at hand. The least recently used way is replaced. Its
 * entries lie in the chip's memory, where translated code looks at them; see `cachePlace`.
 */
export class XipCache {
  private readonly entries: Int32Array;
  private readonly victims: Uint8Array;
  private accesses = longCount;

  /** @param touchEntry see `RuntimeExports.touch` */
  constructor(
    private readonly memory: ChipMemory,
    private readonly touchEntry: (address: number) => number,
  ) {
    this.accesses = 0;
    const first = memoryMap.cacheEntries / 4;
    this.entries = memory.words.subarray(first, first + sets * ways);
    this.victims = memory.bytes.subarray(memoryMap.cacheVictims, memoryMap.cacheVictims + sets);
    this.misses = 0;
    this.flush();
  }

  /** Accesses that had to wait for the flash chip. */
  get misses(): number {
    return this.memory.doubles[memoryMap.cacheMisses / 8] ?? 0;
  }

  private set misses(count: number) {
    this.memory.doubles[memoryMap.cacheMisses / 8] = count;
  }

  /** Notes an access to an address of the flash; returns the cycles that it waits. */
  touch(address: number): number {
    this.accesses++;
    return this.touchEntry(address);
  }

  /** Counts accesses of translated code, which looks at the entries by itself. */
  count(accesses: number): void {
    this.accesses += accesses;
  }

  /** Forgets all lines. */
  flush(): void {
    this.entries.fill(empty);
    this.victims.fill(0);
  }

  readRegister(offset: number): number {
    switch (offset) {
      case registers.control:
        return enabled;
      case registers.status:
        return flushedAndStreamEmpty;
      case registers.hits:
        return this.accesses - this.misses;
      case registers.accesses:
        return this.accesses;
      default:
        return 0;
    }
  }

  writeRegister(offset: number, value: number): void {
    if (offset === registers.flush && value & 1) this.flush();
    // Any write clears the counters, which share the number of accesses here.
    else if (offset === registers.hits || offset === registers.accesses) {
      this.accesses = 0;
      this.misses = 0;
    }
  }

  /** Everything that decides about later accesses, for comparing two machines. */
  get state(): { entries: Int32Array; victims: Uint8Array } {
    return { entries: this.entries.slice(), victims: this.victims.slice() };
  }
}
