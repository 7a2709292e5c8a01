import type { VirtualPicoReading } from '../../../core/wire/virtual-pico';
import type { FlashPart, MachineEvent } from '../../../emulator';

/** What a UF2 file, or several, bring: contents of the flash, or a program in SRAM. */
export interface Contents {
  flash: FlashPart[];
  sram?: { parts: FlashPart[]; entry: number };
}

/** What a virtual Pico is switched on with. */
export interface BoardWorkerStart extends Contents {
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
  /** Replaces contents of the flash, or of SRAM, and starts anew. */
  | ({ type: 'program' } & Contents & Start)
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
