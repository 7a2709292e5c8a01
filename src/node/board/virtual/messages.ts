import type { VirtualPicoReading } from '../../../core/wire/virtual-pico';
import type { FlashPart, MachineEvent } from '../../../emulator';

/** The contents of one or several UF2 files: of the flash, or a program in SRAM. */
export interface Contents {
  flash: FlashPart[];
  sram?: { parts: FlashPart[]; entry: number };
}

/** The state in which a virtual Pico is switched on. */
export interface BoardWorkerStart extends Contents {
  /** Keep to real time instead of running as fast as possible. */
  paced: boolean;
  /** Folder in which translations of programs are kept; without it none are. */
  translations?: string | undefined;
}

/**
 * Number of a start, counted by the host. Every message of the board carries it, so that the host
 * can tell late messages of an earlier start.
 */
interface Start {
  start: number;
}

export type ToBoardWorker =
  /** The first message, and the only one of its kind. */
  | ({ type: 'begin' } & BoardWorkerStart)
  | { type: 'input'; bytes: Uint8Array }
  | { type: 'read' }
  | ({ type: 'power'; on: boolean } & Start)
  /** `bootsel`: with the button held. */
  | ({ type: 'restart'; bootsel: boolean } & Start)
  /** Replaces contents of the flash, or of SRAM, and restarts. */
  | ({ type: 'program' } & Contents & Start)
  | { type: 'pace'; paced: boolean }
  /** Starts or stops the GDB server. */
  | { type: 'debug'; on: boolean }
  /** Ends the thread, once what is worth keeping is kept. */
  | { type: 'end' };

export type FromBoardWorker =
  | ({ type: 'output'; bytes: Uint8Array } & Start)
  | ({ type: 'event'; event: MachineEvent } & Start)
  /** Answers come in the order of the requests. */
  | { type: 'reading'; reading: VirtualPicoReading }
  /** Port of the GDB server on this computer; undefined when it has stopped. */
  | { type: 'debugging'; port?: number; problem?: string };
