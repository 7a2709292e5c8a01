import type { RP2040 } from 'rp2040js';
import { dmaChannelsOf, type DmaChannel } from '../rp2040js';

/** Bits of the sniffer's control (RP2040 datasheet, 2.5.5.2). */
const bits = {
  enabled: 1,
  swaps: 1 << 9,
  reversesOutput: 1 << 10,
  invertsOutput: 1 << 11,
} as const;
const known = 0xfff;
const channelShift = 1;
const calculationShift = 5;
const calculations = {
  ...{
    crc32: 0,
    crc32Reversed: 1,
    crc16: 2,
    crc16Reversed: 3,
    parity: 14,
    sum: 15,
  },
} as const;
const polynomials = { crc32: 0x04c11db7, crc16: 0x1021 } as const;

/** Of a channel's control: its transfers are sniffed. */
const sniffed = 1 << 23;
/** Of the same, its bytes are swapped. */
const channelSwaps = 1 << 22;
const accesses = {
  1: { read: 'readUint8', write: 'writeUint8' },
  2: { read: 'readUint16', write: 'writeUint16' },
  4: { read: 'readUint32', write: 'writeUint32' },
} as const;

/** A checksum over what one channel of DMA moves. */
export class Sniffer {
  data = 0;
  private setting = 0;

  get control(): number {
    return this.setting;
  }

  set control(value: number) {
    this.setting = value & known;
  }

  /** The checksum as programs read it. */
  get result(): number {
    const { data, setting } = this;
    const ordered = setting & bits.reversesOutput ? reversed(data, 32) : data;
    return (setting & bits.invertsOutput ? ~ordered : ordered) >>> 0;
  }

  /** Hears the transfers of a chip's channels. */
  listen(chip: RP2040): void {
    dmaChannelsOf(chip).forEach((channel, number) => {
      const write = channel.writeUint32.bind(channel);
      channel.writeUint32 = (offset, value) => {
        write(offset, value);
        if (channel.ctrl & sniffed) channel.transferFn = () => this.transfer(chip, channel, number);
      };
    });
  }

  /** What rp2040js does of a transfer, heard on the way. */
  private transfer(chip: RP2040, channel: DmaChannel, number: number): void {
    const { ctrl, readAddr, writeAddr, dataSize } = channel;
    const access = accesses[dataSize];
    const read = chip[access.read](readAddr);
    const value = ctrl & channelSwaps ? swapped(read, dataSize) : read;
    if (this.hears(number, ctrl)) this.take(value, dataSize);
    chip[access.write](writeAddr, value);
  }

  private hears(channel: number, control: number): boolean {
    const { setting } = this;
    return (
      (setting & bits.enabled) !== 0 &&
      (control & sniffed) !== 0 &&
      ((setting >>> channelShift) & 15) === channel
    );
  }

  private take(given: number, bytes: number): void {
    const value = this.setting & bits.swaps ? swapped(given, bytes) : given;
    const width = 8 * bytes;
    switch ((this.setting >>> calculationShift) & 15) {
      case calculations.crc32:
        return this.divide(value, width, 32, polynomials.crc32);
      case calculations.crc32Reversed:
        return this.divide(reversed(value, width), width, 32, polynomials.crc32);
      case calculations.crc16:
        return this.divide(value, width, 16, polynomials.crc16);
      case calculations.crc16Reversed:
        return this.divide(reversed(value, width), width, 16, polynomials.crc16);
      case calculations.parity:
        for (let rest = value; rest !== 0; rest &= rest - 1) this.data ^= 1;
        return;
      case calculations.sum:
        this.data = (this.data + value) >>> 0;
    }
  }

  /** Shifts a value in, the most significant bit first, and divides by the polynomial. */
  private divide(value: number, width: number, size: 16 | 32, polynomial: number): void {
    const top = size - 1;
    let rest = this.data;
    for (let bit = width - 1; bit >= 0; bit--) {
      const feeds = ((rest >>> top) ^ (value >>> bit)) & 1;
      rest = (rest << 1) ^ (feeds ? polynomial : 0);
    }
    this.data = size === 16 ? rest & 0xffff : rest >>> 0;
  }
}

/** Reverses the bytes of a transfer's value. */
function swapped(value: number, bytes: number): number {
  let result = 0;
  for (let byte = 0; byte < bytes; byte++) result = (result << 8) | ((value >>> (8 * byte)) & 0xff);
  return result >>> 0;
}

function reversed(value: number, width: number): number {
  let result = 0;
  for (let bit = 0; bit < width; bit++) result = (result << 1) | ((value >>> bit) & 1);
  return result >>> 0;
}
