import type { SerialPort } from 'serialport';
import type { Board } from './board';
import { BoardOutput } from './board-output';
import { portFailed, portLost } from './errors';
import { loadSerialPort } from './load-serialport';

/** USB serial ports ignore it; a UART needs it, and this is the pico-sdk's. */
const baudRate = 115200;

/** A board on a serial port. */
export class SerialBoard implements Board {
  readonly patience = { greeting: 10_000, answer: 180_000 };

  readonly onRecord;
  readonly onText;
  readonly onClosed;

  private readonly output = new BoardOutput();
  private port: SerialPort | undefined;

  /** `name`: of the port, for example /dev/ttyACM0 or COM3. */
  constructor(readonly name: string) {
    this.onRecord = this.output.onRecord.bind(this.output);
    this.onText = this.output.onText.bind(this.output);
    this.onClosed = this.output.onClosed.bind(this.output);
  }

  async open(): Promise<void> {
    const Port = await loadSerialPort();
    const port = new Port({ path: this.name, baudRate, autoOpen: false });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error ? reject(portFailed(this.name, error)) : resolve()));
    });
    this.port = port;
    port.on('data', (bytes: Buffer) => this.output.push(bytes));
    port.on('error', (error) => this.output.finish(portLost(this.name, error)));
    // After close() this comes too late to be a reason.
    port.on('close', (error?: Error) => this.output.finish(portLost(this.name, error)));
    // The firmware greets when the terminal says that it is there.
    port.set({ dtr: true });
  }

  write(line: string): void {
    if (!this.output.closed) this.port?.write(`${line}\n`);
  }

  async close(): Promise<void> {
    this.output.finish();
    const { port } = this;
    if (!port?.isOpen) return;
    await new Promise<void>((resolve) => port.drain(() => port.close(() => resolve())));
  }
}
