import type { UartSerial } from './uart-serial';
import type { UsbSerial } from './usb-serial';

/** Bytes of UART0 that wait for the decision; the oldest go. */
const mostHeld = 64 * 1024;

/**
 * The one serial port through which people speak with the program: that of USB where it has one, else
 * UART0. While USB may still bring one, what UART0 says and is to be told waits.
 */
export class ProgramSerial {
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private typed: Uint8Array[] = [];

  constructor(
    private readonly usb: () => UsbSerial,
    private readonly uart: () => UartSerial,
    private readonly say: (bytes: Uint8Array) => void,
  ) {}

  /** What was written, or heard, waits for the decision. */
  get hasInput(): boolean {
    return this.typed.length > 0 || this.held.length > 0;
  }

  /** Tells the program bytes. */
  write(bytes: Uint8Array): void {
    switch (this.usb().state) {
      case 'open':
        return this.usb().write(bytes);
      case 'coming':
        this.typed.push(bytes);
        return;
      case 'none':
        return this.uart().write(bytes);
    }
  }

  /** UART0 has sent bytes. */
  hearUart(bytes: Uint8Array): void {
    const { state } = this.usb();
    if (state === 'none') this.say(bytes);
    if (state !== 'coming') return;
    this.held.push(bytes);
    this.heldBytes += bytes.length;
    while (this.heldBytes > mostHeld) this.heldBytes -= this.held.shift()?.length ?? 0;
  }

  /** Lets go what has waited, once it is clear where it belongs; called now and then. */
  settle(): void {
    const { state } = this.usb();
    if (state === 'coming' || (this.held.length === 0 && this.typed.length === 0)) return;
    const { held, typed } = this;
    this.held = [];
    this.heldBytes = 0;
    this.typed = [];
    if (state === 'none') for (const bytes of held) this.say(bytes);
    for (const bytes of typed) this.write(bytes);
  }
}
