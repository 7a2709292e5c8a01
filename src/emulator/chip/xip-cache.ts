import { longCount } from '../long-count';
import { flashCache } from '../../core/chip';
import { flashMask } from './address-map';

const lineBits = 3;
/** Of the half of a line that a miss fetches. */
const halfBits = 2;
/** 16 KB in two ways of lines of 8 bytes. */
const sets = 1024;
const setBits = 10;
const ways = 2;
const empty = -1;

/** Which of the four windows of the flash an address is in: address bits 25 and 24. */
const window = { cached: 0, noAllocation: 1 } as const;

const registers = { control: 0x00, flush: 0x04, status: 0x08, hits: 0x0c, accesses: 0x10 } as const;
const flushedAndStreamEmpty = 3;
const enabled = 3;

/**
 * The cache between the flash chip and both cores (RP2040 datasheet, 2.6.3): which lines it holds,
 * not what is in them, since the flash is at hand. The least recently used way is replaced.
 */
export class XipCache {
  private readonly tags = new Int32Array(sets * ways).fill(empty);
  /** Which halves of each line are there, a bit each. */
  private readonly halves = new Uint8Array(sets * ways);
  /** The way of each set to replace next. */
  private readonly victims = new Uint8Array(sets);
  private accesses = longCount;
  /** Accesses that had to wait for the flash chip. */
  misses = longCount;

  constructor() {
    this.accesses = 0;
    this.misses = 0;
    // Translated code calls it by itself.
    this.touch = this.touch.bind(this);
  }

  /** Notes an access to an address of the flash; returns the cycles that it waits. */
  touch(address: number): number {
    this.accesses++;
    const line = (address & flashMask) >>> lineBits;
    const half = 1 << ((address >>> halfBits) & 1);
    const set = line & (sets - 1);
    const tag = line >>> setBits;
    const first = set * ways;
    const kind = (address >>> 24) & 3;
    const way = this.tags[first] === tag ? 0 : this.tags[first + 1] === tag ? 1 : undefined;
    if (kind <= window.noAllocation && way !== undefined) {
      this.victims[set] = 1 - way;
      if ((this.halves[first + way] ?? 0) & half) return 0;
    }
    this.misses++;
    if (kind === window.cached) this.fill(set, way, tag, half);
    return flashCache.missCycles;
  }

  /** Half a line comes, into the line that has the other half or in place of another. */
  private fill(set: number, present: number | undefined, tag: number, half: number): void {
    const way = present ?? this.victims[set] ?? 0;
    const place = set * ways + way;
    this.halves[place] = half | (present === undefined ? 0 : (this.halves[place] ?? 0));
    this.tags[place] = tag;
    this.victims[set] = 1 - way;
  }

  /** Forgets all lines. */
  flush(): void {
    this.tags.fill(empty);
    this.halves.fill(0);
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
  get state(): { tags: Int32Array; halves: Uint8Array; victims: Uint8Array } {
    return { tags: this.tags, halves: this.halves, victims: this.victims };
  }
}
