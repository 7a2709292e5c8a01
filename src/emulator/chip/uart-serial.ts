import type { RP2040 } from 'rp2040js';

const flagRegister = 0x18;
const receiverFull = 1 << 6;

/** UART0. Input waits here until the receiver has room, as if its wire had flow control. */
export class UartSerial {
  private readonly queue: number[] = [];

  constructor(
    private readonly chip: RP2040,
    onData: (bytes: Uint8Array) => void,
  ) {
    const uart = chip.uart[0];
    if (uart) uart.onByte = (byte) => onData(Uint8Array.of(byte));
  }

  /** Some of what was written waits for the receiver. */
  get hasInput(): boolean {
    return this.queue.length > 0;
  }

  write(bytes: Uint8Array): void {
    for (const byte of bytes) this.queue.push(byte);
    this.pump();
  }

  /** Hands over what the receiver has room for; called now and then. */
  pump(): void {
    const uart = this.chip.uart[0];
    while (uart?.enabled && this.queue.length > 0) {
      if (uart.readUint32(flagRegister) & receiverFull) return;
      uart.feedByte(this.queue.shift() ?? 0);
    }
  }
}
