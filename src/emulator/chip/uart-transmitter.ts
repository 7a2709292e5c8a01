import type { RP2040 } from 'rp2040js';

/** Registers of a UART and bits of its flags (RP2040 datasheet, 4.2.8). */
const dataRegister = 0x00;
const flagRegister = 0x18;
const flags = { busy: 1 << 3, transmitFull: 1 << 5, transmitEmpty: 1 << 7 } as const;

/** Bytes that wait for the one that is being sent. */
const fifoDepth = 32;
/** Start bit, 8 bits of data and stop bit: what programs use. */
const bitsPerByte = 10;

/**
 * Lets a UART be as slow as its baud rate, so that a program that prints waits as long as on a board.
 * rp2040js is never busy sending; what is sent is still told at once.
 */
export function paceTransmitters(chip: RP2040): void {
  for (const uart of chip.uart) {
    const read = uart.readUint32.bind(uart);
    const write = uart.writeUint32.bind(uart);
    /** Nanoseconds of the chip's time at which all has been sent. */
    let endsAt = 0;
    const byteTime = (): number => {
      const { baudRate } = uart;
      return baudRate > 0 && Number.isFinite(baudRate) ? (1e9 * bitsPerByte) / baudRate : 0;
    };
    uart.writeUint32 = (offset, value) => {
      if (offset === dataRegister) endsAt = Math.max(endsAt, chip.clock.nanos) + byteTime();
      write(offset, value);
    };
    uart.readUint32 = (offset) => {
      const value = read(offset);
      if (offset !== flagRegister) return value;
      const left = endsAt - chip.clock.nanos;
      if (left <= 0) return value;
      const waiting = Math.ceil(left / byteTime()) - 1;
      const isEmpty = waiting <= 0;
      const isFull = waiting >= fifoDepth;
      return (
        (value & ~flags.transmitEmpty) |
        flags.busy |
        (isEmpty ? flags.transmitEmpty : 0) |
        (isFull ? flags.transmitFull : 0)
      );
    };
  }
}
