import type { StarmindError } from '../../errors';
import type { Disposer, Listener } from '../listeners';

/** Both ways of bytes to one board: a serial port, or the virtual Pico's. It is opened once. */
export interface Transport {
  /** For example /dev/ttyACM0 or COM3. */
  readonly name: string;
  /** @throws StarmindError when it is not there, or not to be had */
  open(): Promise<void>;
  /** False when so much waits to be sent that these bytes were not taken. */
  write(bytes: Uint8Array): boolean;
  onData(listener: Listener<Uint8Array>): Disposer;
  /** Called once, with the reason unless `close` was called. */
  onClosed(listener: Listener<StarmindError | undefined>): Disposer;
  /** Does nothing where there is no such rate. */
  setBaudRate(baudRate: number): Promise<void>;
  close(): Promise<void>;
}
