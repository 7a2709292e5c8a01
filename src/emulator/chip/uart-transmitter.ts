import type { RP2040 } from 'rp2040js';
import { insideOf, type InsideUart } from '../rp2040js';

/** Registers of a UART and bits of them (RP2040 datasheet, 4.2.8). */
const registers = { data: 0x00, flags: 0x18, control: 0x30, levels: 0x34 } as const;
const flags = { busy: 1 << 3, transmitFull: 1 << 5, transmitEmpty: 1 << 7 } as const;
const loopBack = 1 << 7;
const transmitInterrupt = 1 << 5;
/** Of the register of levels: the transmitter's, and that of both after a reset. */
const levelMask = 7;
const levelsAtReset = 0x12;

/** Bytes that wait for the one that is being sent. */
const fifoDepth = 32;
/** Those at which the interrupt comes while they become fewer, by the level that is set. */
const levels = [4, 8, 16, 24, 28];
/** Start bit, 8 bits of data and stop bit: what programs use. */
const bitsPerByte = 10;

type Uart = RP2040['uart'][number];

/**
 * The transmitter of a UART: it is as slow as its baud rate, so that a program that prints, or its DMA,
 * waits as long as on a board. rp2040js is never busy sending; what is sent is still told at once.
 */
class Transmitter {
  /** Nanoseconds of the chip's time at which all has been sent. */
  private endsAt = 0;
  private readonly inside: InsideUart;
  private levels = levelsAtReset;
  /** Bytes on their way back to the receiver, with the time at which each has been sent. */
  private readonly returning: { byte: number; at: number }[] = [];
  private readonly drained;
  private readonly hasRoom;
  private readonly returned;

  constructor(
    private readonly chip: RP2040,
    private readonly uart: Uart,
  ) {
    const { clock } = chip;
    this.inside = insideOf(uart);
    this.drained = clock.createAlarm(() => this.interrupt());
    this.hasRoom = clock.createAlarm(() => chip.dma.setDREQ(this.inside.dreq.tx));
    this.returned = clock.createAlarm(() => this.receive());
    const read = uart.readUint32.bind(uart);
    const write = uart.writeUint32.bind(uart);
    // That of rp2040js asserts the transmitter's interrupt each time.
    uart.checkInterrupts = () => this.tellInterrupts();
    uart.writeUint32 = (offset, value) => {
      if (offset === registers.levels) this.levels = value;
      else {
        if (offset === registers.data) this.send(value & 0xff);
        write(offset, value);
      }
    };
    uart.readUint32 = (offset) => {
      if ((offset & 0xfff) === registers.levels) return this.levels;
      const value = read(offset);
      return offset === registers.flags ? this.flagsOver(value) : value;
    };
  }

  /** Nanoseconds. */
  private get byteTime(): number {
    const { baudRate } = this.uart;
    return baudRate > 0 && Number.isFinite(baudRate) ? (1e9 * bitsPerByte) / baudRate : 0;
  }

  private get depth(): number {
    return this.uart.fifosEnabled ? fifoDepth : 1;
  }

  /** At so many waiting bytes, coming from more, it interrupts. */
  private get level(): number {
    return this.uart.fifosEnabled ? (levels[this.levels & levelMask] ?? 16) : 0;
  }

  /** Bytes behind the one that is being sent; -1 when none is. */
  private get waiting(): number {
    const left = this.endsAt - this.chip.clock.nanos;
    return left <= 0 ? -1 : Math.ceil(left / this.byteTime) - 1;
  }

  private send(byte: number): void {
    const { uart, chip, byteTime, level, depth } = this;
    const { nanos } = chip.clock;
    this.endsAt = Math.max(this.endsAt, nanos) + byteTime;
    if (uart.readUint32(registers.control) & loopBack) this.sendBack(byte);
    if (byteTime === 0) return;
    const { waiting } = this;
    if (waiting > level) {
      this.inside.interruptStatus &= ~transmitInterrupt;
      this.tellInterrupts();
      this.drained.schedule(this.endsAt - (level + 1) * byteTime - nanos);
    } else if (level === 0) this.interrupt();
    if (waiting < depth) return;
    chip.dma.clearDREQ(this.inside.dreq.tx);
    this.hasRoom.schedule(this.endsAt - depth * byteTime - nanos);
  }

  private sendBack(byte: number): void {
    this.returning.push({ byte, at: this.endsAt });
    if (this.returning.length === 1) this.returned.schedule(this.endsAt - this.chip.clock.nanos);
  }

  private receive(): void {
    const { returning, chip } = this;
    const first = returning.shift();
    if (first) this.uart.feedByte(first.byte);
    const [next] = returning;
    if (next) this.returned.schedule(Math.max(0, next.at - chip.clock.nanos));
  }

  private interrupt(): void {
    this.inside.interruptStatus |= transmitInterrupt;
    this.tellInterrupts();
  }

  private tellInterrupts(): void {
    const { irq, interruptStatus, interruptMask } = this.inside;
    this.chip.setInterrupt(irq, (interruptStatus & interruptMask) !== 0);
  }

  private flagsOver(value: number): number {
    const { waiting, depth } = this;
    if (waiting < 0) return value;
    return (
      (value & ~flags.transmitEmpty) |
      flags.busy |
      (waiting === 0 ? flags.transmitEmpty : 0) |
      (waiting >= depth ? flags.transmitFull : 0)
    );
  }
}

/** Gives all UARTs transmitters that take time, interrupt, pace DMA and loop back. */
export function paceTransmitters(chip: RP2040): void {
  for (const uart of chip.uart) new Transmitter(chip, uart);
}
