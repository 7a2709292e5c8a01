import type { RP2040 } from 'rp2040js';
import { flashInterfaceOf } from '../rp2040js';
import { FlashPins } from './flash-pins';
import { SerialFlash } from './serial-flash';

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

const enable = 0x08;
const transmitLevel = 0x20;
const receiveLevel = 0x24;
const status = 0x28;
const data = 0x60;
/** The transmitter has room and is empty: every byte goes out at once. */
const idleTransmitter = 0b0110;
const received = 1 << 3;
const fifoDepth = 16;

/**
 * The interface of the flash chip: its registers keep what programs write, and bytes written to its
 * data register go to the chip at once, which answers into the FIFO.
 */
export function connectFlash(chip: RP2040): void {
  const device = flashInterfaceOf(chip);
  const values = new Map<number, number>();
  const flash = new SerialFlash();
  const answers: number[] = [];
  let isHeld = false;
  new FlashPins(chip, (isSelected) => {
    isHeld = isSelected;
    flash.deselect();
  });
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
    if (register) return values.get(offset & 0xfff) ?? register.reset ?? 0;
    switch (offset & 0xfff) {
      case data:
        return receive();
      case status:
        return idleTransmitter | (answers.length > 0 ? received : 0);
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
    else if (offset === data) send(value);
    else write(offset, value);
    if (offset === enable && (value & 1) === 0) {
      answers.length = 0;
      flash.deselect();
    }
  };
}
