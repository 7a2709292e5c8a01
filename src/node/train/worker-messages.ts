import type { Arithmetic } from '../../core/model/formats';

/** Data with which a worker starts. */
export interface WorkerStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** Address of the trainer in the memory. */
  trainer: number;
  /** Number of this worker, from 0. */
  thread: number;
}

/** Sent to every worker alike: they share the work of each command. */
export type WorkerCommand =
  { type: 'steps'; count: number } | { type: 'evaluate'; count: number; arithmetic: Arithmetic };

/** Worker 0 answers for all: it leaves a command last, through a barrier. */
export interface WorkerReply {
  type: 'done';
}
