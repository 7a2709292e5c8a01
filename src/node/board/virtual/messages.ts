import type { VirtualPicoReading } from '../../../core/wire/virtual-pico';
import type { FlashPart, MachineEvent } from '../../../emulator';

/** What a virtual Pico is switched on with. */
export interface BoardWorkerStart {
  flash: FlashPart[];
  /** Keep to real time instead of running as fast as possible. */
  paced: boolean;
}

/** Its number, counted by the host, is in all that comes of it: what is still on its way from before is told apart. */
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
  /** Replaces contents of the flash and starts anew. */
  | ({ type: 'program'; flash: FlashPart[] } & Start)
  | { type: 'pace'; paced: boolean }
  /** Lets debuggers attach, or no longer. */
  | { type: 'debug'; on: boolean };

export type FromBoardWorker =
  | ({ type: 'output'; bytes: Uint8Array } & Start)
  | ({ type: 'event'; event: MachineEvent } & Start)
  /** Answers come in the order of the requests. */
  | { type: 'reading'; reading: VirtualPicoReading }
  /** Port on this computer on which debuggers are served; undefined when they no longer are. */
  | { type: 'debugging'; port?: number; problem?: string };
