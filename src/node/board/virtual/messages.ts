import type { BoardStatistics } from '../board';
import type { FlashPart } from './machine';
import type { MachineEvent } from './machine-event';

/** What the thread of a virtual Pico is started with. */
export interface BoardWorkerStart {
  flash: FlashPart[];
  /** Keep to real time instead of running as fast as possible. */
  paced: boolean;
}

export type ToBoardWorker = { type: 'input'; bytes: Uint8Array } | { type: 'statistics' };

export type FromBoardWorker =
  | { type: 'output'; bytes: Uint8Array }
  | { type: 'event'; event: MachineEvent }
  /** Answers come in the order of the requests. */
  | { type: 'statistics'; statistics: BoardStatistics };
