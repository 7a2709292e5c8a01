import type { RP2040 } from 'rp2040js';
import { flashInterfaceOf } from '../rp2040js';
import type { CycleClock } from './cycle-clock';
import { FlashPins } from './flash-pins';
import { FlashStream } from './flash-stream';
import { SerialFlash } from './serial-flash';
import type { XipCache } from './xip-cache';

/** Registers of the SSI that keep what is written: bits of each, and its reset (RP2040 datasheet, 4.10.13). */
const stored: Readonly<Record<number, { bits: number; reset?: number }>> = {
  0x00: { bits: 0x017fffff },
  0x04: { bits: 0xffff },
  0x08: { bits: 1 },
  0x0c: { bits: 7 },
  0x10: { bits: 1 },
  0x14: { bits: 0xffff },
  0x18: { bits: 0xff },
  0x1c: { bits: 0xff },
  0x2c: { bits: 0x3f, reset: 0x3f },
  0x4c: { bits: 3 },
  0x50: { bits: 0xff },
  0x54: { bits: 0xff },
  0xf0: { bits: 0xff },
  0xf4: { bits: 0xff07fb3f, reset: 0x03000000 },
  0xf8: { bits: 0xff },
};

const control = 0x00;
const frames = 0x04;
const enable = 0x08;
const baud = 0x14;
const transmitLevel = 0x20;
const receiveLevel = 0x24;
const status = 0x28;
const dmaControl = 0x4c;
const data = 0x60;
const serialControl = 0xf4;
/** The transmitter has room and is empty: every byte goes out at once. */
const idleTransmitter = 0b0110;
const busy = 1;
const received = 1 << 3;
const fifoDepth = 16;

/** Settings with which a word written is an address to read frames from, for DMA. */
const readsFrames = { bits: 0x1f0300, value: (31 << 16) | (3 << 8) } as const;
const instructionLength = 0x300;
const receivesByDma = 1;

/**
 * The interface of the flash chip: its registers keep what programs write, and bytes written to its
 * data register go to the chip at once, which answers into the FIFO. An address begins a stream of
 * words where the SSI is set up for one (`FlashStream`).
 */
export function connectFlash(
  chip: RP2040,
  clock: CycleClock,
  cache: Pick<XipCache, 'misses'>,
): void {
  const device = flashInterfaceOf(chip);
  const values = new Map<number, number>();
  const flash = new SerialFlash(chip.flash);
  const stream = new FlashStream(chip, clock, cache);
  const answers: number[] = [];
  let isHeld = false;
  new FlashPins(chip, (isSelected) => {
    isHeld = isSelected;
    flash.deselect();
  });
  const valueOf = (offset: number) => values.get(offset) ?? stored[offset]?.reset ?? 0;
  const streams = () =>
    (valueOf(control) & readsFrames.bits) === readsFrames.value &&
    (valueOf(serialControl) & instructionLength) === 0 &&
    (valueOf(dmaControl) & receivesByDma) !== 0;
  const send = (byte: number): void => {
    const answer = flash.exchange(byte & 0xff);
    if (answers.length < fifoDepth) answers.push(answer);
  };
  const receive = (): number => {
    const answer = answers.shift() ?? 0;
    // Where no override holds the pin, the interface lets it go once it has nothing to send.
    if (answers.length === 0 && !isHeld) flash.deselect();
    return answer;
  };
  const read = device.readUint32.bind(device);
  const write = device.writeUint32.bind(device);
  device.readUint32 = (offset) => {
    const register = stored[offset & 0xfff];
    if (register) return valueOf(offset & 0xfff);
    switch (offset & 0xfff) {
      case data:
        return stream.word ?? receive();
      case status:
        return idleTransmitter | (answers.length > 0 ? received : 0) | (stream.isBusy ? busy : 0);
      case transmitLevel:
        return 0;
      case receiveLevel:
        return answers.length;
      default:
        return read(offset & 0xfff);
    }
  };
  device.writeUint32 = (offset, value) => {
    const register = stored[offset];
    if (register) values.set(offset, (value & register.bits) >>> 0);
    else if (offset === data && streams()) {
      // The mode of a continuous read stands below the address.
      stream.start(value >>> 8, valueOf(frames) + 1, valueOf(baud));
    } else if (offset === data) send(value);
    else write(offset, value);
    if (offset === enable && (value & 1) === 0) {
      answers.length = 0;
      flash.deselect();
      stream.stop();
    }
  };
}
