import { BasePeripheral, FIFO, type RP2040 } from 'rp2040js';
import { flashCache } from '../../core/chip';
import { addDevice, xipStreamRequest } from '../rp2040js';
import { cacheRamBase, cacheRamBytes, flashMask } from './address-map';
import type { CycleAlarm, CycleClock } from './cycle-clock';
import type { XipCache } from './xip-cache';

/** Registers of the flash cache and bits of its control (RP2040 datasheet, 2.6.3.6). */
const registers = {
  ...{ control: 0x00, flush: 0x04, status: 0x08, hits: 0x0c, accesses: 0x10 },
  ...{ streamAddress: 0x14, streamCount: 0x18, streamFifo: 0x1c },
} as const;
const control = { enabled: 1, badWriteFaults: 2, poweredDown: 8 } as const;
const status = { flushed: 1, fifoEmpty: 2, fifoFull: 4 } as const;

const streamDepth = 2;
const streamCountMask = 0x3fffff;
const mostCounted = 0xffffffff;

/** Where they are, and where DMA finds the FIFO of the stream. */
const base = 0x14000000;
const auxiliaryBase = 0x50400000;

/**
 * The registers of the flash cache. Its stream reads words from the flash behind the cores' backs; each
 * takes as long as a miss.
 */
export class XipControl extends BasePeripheral {
  /** What the cache keeps while it is switched off, as SRAM at `cacheRamBase`. */
  readonly ram = new DataView(new ArrayBuffer(cacheRamBytes));

  private setting = control.enabled | control.badWriteFaults;
  /** What the counters counted before they were last cleared. */
  private readonly cleared = { hits: 0, accesses: 0 };
  private readonly stream = { address: 0, count: 0, fifo: new FIFO(streamDepth) };
  private readonly alarm: CycleAlarm;

  constructor(
    private readonly chip: RP2040,
    private readonly cache: XipCache,
    private readonly clock: CycleClock,
  ) {
    super(chip, 'XIP_CTRL');
    this.alarm = clock.createAlarm(() => this.receive());
    addDevice(chip, base, this);
    addDevice(chip, auxiliaryBase, new StreamPort(chip, this));
  }

  /** Whether a store to a window of the flash other than the cached one is a fault. */
  get badWriteFaults(): boolean {
    return (this.setting & control.badWriteFaults) !== 0;
  }

  /** Whether an address is one of the cache's memory, and that serves as SRAM. */
  servesAsSram(address: number): boolean {
    return (
      address >= cacheRamBase &&
      address < cacheRamBase + cacheRamBytes &&
      (this.setting & (control.enabled | control.poweredDown)) === 0
    );
  }

  override readUint32(offset: number): number {
    const { cache, cleared, stream } = this;
    switch (offset & 0xfff) {
      case registers.control:
        return this.setting;
      case registers.status:
        return (
          status.flushed |
          (stream.fifo.empty ? status.fifoEmpty : 0) |
          (stream.fifo.full ? status.fifoFull : 0)
        );
      case registers.hits:
        return Math.min(mostCounted, this.hits - cleared.hits);
      case registers.accesses:
        return Math.min(mostCounted, cache.accesses - cleared.accesses);
      case registers.streamAddress:
        return stream.address;
      case registers.streamCount:
        return stream.count;
      case registers.streamFifo:
        return this.takeStreamed();
      default:
        return 0;
    }
  }

  override writeUint32(offset: number, value: number): void {
    const { cache, cleared, stream } = this;
    switch (offset) {
      case registers.control:
        return this.set(value);
      case registers.flush:
        if (value & 1) cache.flush();
        return;
      case registers.hits:
        cleared.hits = this.hits;
        return;
      case registers.accesses:
        cleared.accesses = cache.accesses;
        return;
      case registers.streamAddress:
        stream.address = (value & ~3) >>> 0;
        return;
      case registers.streamCount:
        stream.count = value & streamCountMask;
        this.alarm.cancel();
        this.goOn();
    }
  }

  /** The next word of the stream; 0 when there is none. */
  takeStreamed(): number {
    const { fifo } = this.stream;
    const word = fifo.pull();
    if (fifo.empty) this.chip.dma.clearDREQ(xipStreamRequest);
    this.goOn();
    return word;
  }

  private get hits(): number {
    return this.cache.accesses - this.cache.misses;
  }

  private set(value: number): void {
    const mayBeEnabled = (value & control.poweredDown) === 0;
    const all = control.enabled | control.badWriteFaults | control.poweredDown;
    this.setting = value & (mayBeEnabled ? all : all & ~control.enabled);
    const enabled = (this.setting & control.enabled) !== 0;
    if (enabled !== this.cache.enabled) this.cache.enabled = enabled;
  }

  private goOn(): void {
    const { count, fifo } = this.stream;
    if (count === 0 || fifo.full || this.alarm.due !== undefined) return;
    this.alarm.scheduleAt(this.clock.cycles + flashCache.missCycles);
  }

  private receive(): void {
    const { stream, chip } = this;
    stream.fifo.push(chip.flashView.getUint32(stream.address & flashMask, true));
    stream.address = (stream.address + 4) >>> 0;
    stream.count--;
    chip.dma.setDREQ(xipStreamRequest);
    this.goOn();
  }
}

/** The FIFO of the stream once more, on the bus that DMA reaches without waiting for the flash. */
class StreamPort extends BasePeripheral {
  constructor(
    chip: RP2040,
    private readonly control: XipControl,
  ) {
    super(chip, 'XIP_AUX');
  }

  override readUint32(): number {
    return this.control.takeStreamed();
  }

  override writeUint32(): void {
    // It is read only.
  }
}
