import { flashCache } from '../../core/chip';
import { flashMask } from './address-map';

const lineBits = 3;
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
  /** The way of each set to replace next. */
  private readonly victims = new Uint8Array(sets);
  private accesses = 0;
  /** Accesses that had to wait for the flash chip. */
  misses = 0;

  constructor() {
    // Translated code calls it by itself.
    this.touch = this.touch.bind(this);
  }

  /** Notes an access to an address of the flash; returns the cycles that it waits. */
  touch(address: number): number {
    this.accesses++;
    const line = (address & flashMask) >>> lineBits;
    const set = line & (sets - 1);
    const tag = line >>> setBits;
    const first = set * ways;
    const kind = (address >>> 24) & 3;
    if (kind <= window.noAllocation) {
      if (this.tags[first] === tag) {
        this.victims[set] = 1;
        return 0;
      }
      if (this.tags[first + 1] === tag) {
        this.victims[set] = 0;
        return 0;
      }
    }
    this.misses++;
    if (kind === window.cached) {
      const way = this.victims[set] ?? 0;
      this.tags[first + way] = tag;
      this.victims[set] = 1 - way;
    }
    return flashCache.missCycles;
  }

  /** Forgets all lines. */
  flush(): void {
    this.tags.fill(empty);
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
  get state(): { tags: Int32Array; victims: Uint8Array } {
    return { tags: this.tags, victims: this.victims };
  }
}
