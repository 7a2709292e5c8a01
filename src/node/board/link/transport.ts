import type { WireItem } from '../../../core/wire/records';
import type { StarmindError } from '../../starmind-error';
import type { Disposer, Listener } from '../listeners';

/** Both ways of bytes to one board: a serial port, or the virtual Pico's. It is opened once. */
export interface Transport {
  /** For example /dev/ttyACM0 or COM3. */
  readonly name: string;
  /** @throws StarmindError when it is not there, or not to be had */
  open(): Promise<void>;
  /** False when so much waits to be sent that these bytes were not taken. */
  write(bytes: Uint8Array): boolean;
  /**
   * Holds the board back, or no longer; a little may still come. Does nothing where that cannot be
   * done.
   */
  hold(held: boolean): void;
  onData(listener: Listener<Uint8Array>): Disposer;
  /** The same, where it has been taken apart already: nobody else need do it. */
  onItems?(listener: Listener<readonly WireItem[]>): Disposer;
  /** Called once, with the reason unless `close` was called. */
  onClosed(listener: Listener<StarmindError | undefined>): Disposer;
  /** Does nothing where there is no such rate. */
  setBaudRate(baudRate: number): Promise<void>;
  /** Also for one that was never opened, or has closed already. */
  close(): Promise<void>;
}

/**
 * Looks for a board, whatever its port is called by now. Undefined while it is not there.
 *
 * @throws StarmindError `board.waiting` when it is there but has no port for now; others when there
 *   is no way of looking
 */
export type FindTransport = (baudRate: number) => Promise<Transport | undefined>;
