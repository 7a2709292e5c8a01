import type { WireItem } from '../../../core/wire/records';
import type { StarmindError } from '../../starmind-error';
import type { Disposer, Listener } from '../listeners';

/** A two-way byte stream to one board: a serial port, or the virtual Pico's. It is opened once. */
export interface Transport {
  /** For example /dev/ttyACM0 or COM3. */
  readonly name: string;
  /** @throws StarmindError when it is absent, or cannot be opened */
  open(): Promise<void>;
  /** False when the queue is full and the bytes were not accepted. */
  write(bytes: Uint8Array): boolean;
  /**
   * Holds the board back, or lets it go on; a little data may still arrive. Does nothing where the
   * transport cannot do that.
   */
  hold(held: boolean): void;
  onData(listener: Listener<Uint8Array>): Disposer;
  /** The data, already split into items, so that the listener need not split it. */
  onItems?(listener: Listener<readonly WireItem[]>): Disposer;
  /** Called once, with the reason unless `close` was called. */
  onClosed(listener: Listener<StarmindError | undefined>): Disposer;
  /** Does nothing where there is no such rate. */
  setBaudRate(baudRate: number): Promise<void>;
  /** May be called also before `open`, or after it has closed. */
  close(): Promise<void>;
}

/**
 * Looks for a board, also when its port has another name by now. Undefined while it is absent.
 *
 * @throws StarmindError `board.waiting` when it is there but has no port for now; others when the
 *   search itself fails
 */
export type FindTransport = (baudRate: number) => Promise<Transport | undefined>;
