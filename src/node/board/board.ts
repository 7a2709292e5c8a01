import type { DeviceRecord } from '../../core/wire/device-records';
import type { VirtualPicoReading } from '../../core/wire/virtual-pico';
import type { StarmindError } from '../starmind-error';
import type { Disposer, Listener } from './listeners';

/** How long a working board may stay silent, in milliseconds. */
export interface Patience {
  greeting: number;
  /** Between records of an answer; the board reads a long prompt in silence. */
  answer: number;
  /** From `stop` to the end of a generation: a board finishes its token first. */
  stop: number;
}

/**
 * A device that runs a model: a serial port or the virtual Pico. Its owner opens it once; it closes
 * by itself when it is unplugged or its program ends.
 */
export interface Board {
  readonly name: string;
  readonly patience: Patience;
  open(): Promise<void>;
  /** Sends a command line, without its end. */
  write(line: string): void;
  onRecord(listener: Listener<DeviceRecord>): Disposer;
  /** Text that the program prints beside its records, in pieces. */
  onText(listener: Listener<string>): Disposer;
  /** Called once, with the reason unless `close` was called; at once if it has closed already. */
  onClosed(listener: Listener<StarmindError | undefined>): Disposer;
  close(): Promise<void>;
  /** Absent for boards that are not emulated. */
  statistics?(): Promise<VirtualPicoReading>;
}
