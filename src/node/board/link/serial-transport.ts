import type { SerialPort } from 'serialport';
import type { StarmindError } from '../../starmind-error';
import { portFailed, portLost } from '../board-errors';
import { Listeners, type Disposer, type Listener } from '../listeners';
import { loadSerialPort } from '../load-serialport';
import type { Transport } from './transport';
import { mendReading } from './unix-port';

/** USB serial ports ignore it; a UART needs it, and this is the pico-sdk's default. */
export const usualBaudRate = 115200;

/** Bytes: output to a board that does not read must not fill the memory. */
const writeLimit = 64 * 1024;

/** Milliseconds that a closing port has to send its queue. */
const sendingTime = 500;

/** A serial port of the operating system. */
export class SerialTransport implements Transport {
  private readonly data = new Listeners<Uint8Array>();
  private readonly closings = new Listeners<StarmindError | undefined>();
  private port: SerialPort | undefined;
  private finished = false;
  private opening: Promise<void> = Promise.resolve();
  private closing: Promise<void> | undefined;

  constructor(
    readonly name: string,
    private readonly baudRate = usualBaudRate,
  ) {}

  open(): Promise<void> {
    this.opening = this.openPort();
    return this.opening;
  }

  private async openPort(): Promise<void> {
    const Port = await loadSerialPort();
    const port = new Port({ path: this.name, baudRate: this.baudRate, autoOpen: false });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error ? reject(portFailed(this.name, error)) : resolve()));
    });
    this.port = port;
    if (port.port) mendReading(port.port);
    const lose = (error?: Error | null): void =>
      this.finish(portLost(this.name, error ?? undefined));
    port.on('data', (bytes: Buffer) => this.data.emit(bytes));
    port.on('error', lose);
    // After close() this comes too late to be a reason.
    port.on('close', lose);
    // The firmware greets when DTR reports a terminal; pseudo-terminals have none.
    port.set({ dtr: true }, () => undefined);
  }

  write(bytes: Uint8Array): boolean {
    const { port } = this;
    if (!port?.isOpen || port.writableLength + bytes.length > writeLimit) return false;
    port.write(Buffer.from(bytes));
    return true;
  }

  hold(held: boolean): void {
    if (held) this.port?.pause();
    else this.port?.resume();
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

  close(): Promise<void> {
    this.finish();
    // A port cannot be closed while it opens, and must not stay open.
    this.closing ??= this.opening.catch(() => undefined).then(() => closePort(this.port));
    return this.closing;
  }

  private finish(reason?: StarmindError): void {
    if (this.finished) return;
    this.finished = true;
    this.closings.emit(reason);
  }
}

/** Closes a port after its queue has gone out, unless the other end accepts nothing. */
async function closePort(port: SerialPort | undefined): Promise<void> {
  if (!port?.isOpen) return;
  if (port.writableLength > 0) await sent(port);
  // The system would wait for the rest of the queue, half a minute on Linux.
  if (port.isOpen) await new Promise<void>((resolve) => port.flush(() => resolve()));
  if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
}

function sent(port: SerialPort): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(resolve, sendingTime);
    port.drain(() => {
      clearTimeout(patience);
      resolve();
    });
  });
}
