import type { RP2040 } from 'rp2040js';
import { dmaChannelsOf, flashReceiveRequest, type DmaChannel } from '../rp2040js';
import { ChipFault } from '../fault';
import { flashMask } from './address-map';
import type { CycleAlarm, CycleClock } from './cycle-clock';
import type { XipCache } from './xip-cache';

/** Clocks of the flash for the address with the mode, and to wait, in quad mode without a command. */
const addressClocks = 8 + 4;
/** Clocks of a word of 32 bits. */
const wordClocks = 8;
/** Words that come at one alarm: DMA moves them late by as much as that. */
const burst = 64;
/** Where DMA reads the words. */
const dataRegister = 0x18000060;
const swapsBytes = 1 << 22;
const incrementsWrite = 1 << 5;
const isBusy = 1 << 24;

/**
 * Words that the SSI reads from the flash one after the other, for a channel of DMA that waits for
 * them (RP2040 datasheet, 4.10; pico-examples, flash/ssi_dma). They come as fast as the clock of the
 * flash gives them. Meanwhile nothing can be read through the flash cache.
 */
export class FlashStream {
  private readonly alarm: CycleAlarm;
  /** Undefined while the SSI serves the flash cache. */
  private reading: { offset: number; words: number; due: number; misses: number } | undefined;
  private cyclesPerWord = 0;
  /** The word in the data register. */
  private held = 0;

  constructor(
    private readonly chip: RP2040,
    private readonly clock: CycleClock,
    private readonly cache: Pick<XipCache, 'misses'>,
  ) {
    this.alarm = clock.createAlarm(() => this.receive());
  }

  /** The word that the data register holds, while the SSI streams; else undefined. */
  get word(): number | undefined {
    return this.reading && this.held;
  }

  /** Whether words are still to come. */
  get isBusy(): boolean {
    return (this.reading?.words ?? 0) > 0;
  }

  /**
   * Begins to read.
   *
   * @param offset in the flash, in bytes
   * @param divider cycles of clk_sys in a clock of the flash
   */
  start(offset: number, words: number, divider: number): void {
    this.cyclesPerWord = wordClocks * divider;
    const due = this.clock.cycles + addressClocks * divider;
    this.reading = { offset, words, due, misses: this.cache.misses };
    this.expect();
  }

  /**
   * The program has switched the SSI off.
   *
   * @throws ChipFault where it has read the flash otherwise since the start: the chip would hang
   */
  stop(): void {
    const { reading } = this;
    if (!reading) return;
    this.alarm.cancel();
    this.reading = undefined;
    const read = this.cache.misses - reading.misses;
    if (read === 0) return;
    throw new ChipFault(
      `The program read the flash through its cache ${read} times while the SSI streamed from it: the chip would hang.`,
    );
  }

  private expect(): void {
    const { reading } = this;
    if (!reading || reading.words === 0) return;
    reading.due += Math.min(reading.words, burst) * this.cyclesPerWord;
    this.alarm.scheduleAt(reading.due);
  }

  private receive(): void {
    const { reading } = this;
    if (!reading) return;
    const words = Math.min(reading.words, burst);
    const channel = dmaChannelsOf(this.chip).find(waits);
    if (channel) this.move(channel, reading.offset, words);
    reading.offset += 4 * words;
    reading.words -= words;
    this.expect();
  }

  /** Does what the channel does with so many words, of which the chip gives the first byte highest. */
  private move(channel: DmaChannel, offset: number, words: number): void {
    const { chip } = this;
    const isLittleEndian = (channel.ctrl & swapsBytes) !== 0;
    const read = (word: number, little: boolean) =>
      chip.flashView.getUint32((offset + 4 * word) & flashMask, little);
    const before = Math.min(words, channel.transCount - 1);
    for (let word = 0; word < before; word++) {
      chip.writeUint32(channel.writeAddr, read(word, isLittleEndian));
      if (channel.ctrl & incrementsWrite) channel.writeAddr += 4;
      channel.transCount--;
    }
    if (before === words) return;
    // The channel moves its last word itself: it ends with it.
    this.held = read(before, false);
    channel.transfer();
  }
}

/** Whether a channel waits for words of the SSI. */
function waits(channel: DmaChannel): boolean {
  return (
    (channel.ctrl & isBusy) !== 0 &&
    channel.treqValue === flashReceiveRequest &&
    channel.readAddr === dataRegister &&
    channel.dataSize === 4
  );
}
