import type { HostToken } from '../../core/wire/monitor-messages';
import type { ExitCode } from '../starmind-error';
import type { GenerateOptions } from './engine';

/** Data with which the thread of a generation starts. */
export interface SpeechWorkerStart {
  image: Uint8Array;
  options: GenerateOptions;
}

export type FromSpeechWorker =
  | { type: 'tokens'; tokens: HostToken[] }
  | { type: 'done' }
  /** A StarmindError, which does not survive the way between threads. */
  | { type: 'refused'; code: string; exitCode: ExitCode; message: string; remedy: string };
