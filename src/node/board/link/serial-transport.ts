import type { SerialPort } from 'serialport';
import type { StarmindError } from '../../errors';
import { portFailed, portLost } from '../errors';
import { Listeners, type Disposer, type Listener } from '../listeners';
import { loadSerialPort } from '../load-serialport';
import type { Transport } from './transport';

/** USB serial ports ignore it; a UART needs it, and this is the pico-sdk's. */
export const usualBaudRate = 115200;

/** A board that does not read must not fill the memory with what it is told. */
const writeLimit = 64 * 1024;

/** A serial port of the operating system. */
export class SerialTransport implements Transport {
  private readonly data = new Listeners<Uint8Array>();
  private readonly closings = new Listeners<StarmindError | undefined>();
  private port: SerialPort | undefined;
  private closed = false;

  constructor(
    readonly name: string,
    private readonly baudRate = usualBaudRate,
  ) {}

  async open(): Promise<void> {
    const Port = await loadSerialPort();
    const port = new Port({ path: this.name, baudRate: this.baudRate, autoOpen: false });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error ? reject(portFailed(this.name, error)) : resolve()));
    });
    this.port = port;
    port.on('data', (bytes: Buffer) => this.data.emit(bytes));
    port.on('error', (error) => this.finish(portLost(this.name, error)));
    // After close() this comes too late to be a reason.
    port.on('close', (error?: Error) => this.finish(portLost(this.name, error)));
    // The firmware greets when the terminal says that it is there.
    port.set({ dtr: true });
  }

  write(bytes: Uint8Array): boolean {
    const { port } = this;
    if (!port?.isOpen || port.writableLength + bytes.length > writeLimit) return false;
    port.write(Buffer.from(bytes));
    return true;
  }

  onData(listener: Listener<Uint8Array>): Disposer {
    return this.data.add(listener);
  }

  onClosed(listener: Listener<StarmindError | undefined>): Disposer {
    return this.closings.add(listener);
  }

  async setBaudRate(baudRate: number): Promise<void> {
    const { port } = this;
    if (!port?.isOpen) return;
    await new Promise<void>((resolve, reject) => {
      port.update({ baudRate }, (error) =>
        error ? reject(portFailed(this.name, error)) : resolve(),
      );
    });
  }

  async close(): Promise<void> {
    this.finish();
    const { port } = this;
    if (!port?.isOpen) return;
    // What was written goes out first, unless the other end takes nothing.
    await new Promise<void>((resolve) => {
      if (port.writableLength > 0) port.drain(() => port.close(() => resolve()));
      else port.close(() => resolve());
    });
  }

  private finish(reason?: StarmindError): void {
    if (this.closed) return;
    this.closed = true;
    this.closings.emit(reason);
  }
}
