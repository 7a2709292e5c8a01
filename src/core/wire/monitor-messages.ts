import type { ModelConfig } from '../model/config';
import type { GenerateRequest } from './commands';
import type { DeviceRecord, HelloRecord } from './device-records';

/** A board that the monitor can listen to. */
export interface MonitorBoard {
  /** Stays the same over replugging: `virtual`, a serial number, or the path of a port. */
  id: string;
  label: string;
  /** For example its port. */
  detail?: string;
  /** `port`: of a UART adapter, or of another maker's device. */
  kind: 'virtual' | 'serial' | 'bootloader' | 'port';
}

/** State of the connection to the chosen board. */
export interface MonitorConnection {
  status:
    | 'none'
    | 'searching' // the board is absent; the host connects when it appears
    | 'connected'
    | 'lent' // another task, such as flashing, has the port for now
    | 'failed'
    | 'replaying';
  board?: MonitorBoard;
  /** The cause of the failure or of the wait, with the remedy. */
  detail?: string;
  /** The board's hello; absent for other firmware. */
  hello?: HelloRecord;
  /** Of the board's model, where the workspace has its run. */
  config?: ModelConfig;
  baudRate: number;
}

/** Data from or to the board, or an event of the connection. */
export type MonitorItem = { /** Milliseconds since 1970. */ at: number } & (
  | { kind: 'record'; record: DeviceRecord }
  /** Pieces of text, cut anywhere. */
  | { kind: 'text'; text: string }
  | { kind: 'sent'; line: string }
  | { kind: 'note'; text: string }
  /** The view could not keep up; these bytes are only in the log. */
  | { kind: 'skipped'; bytes: number }
  /** The host has stopped waiting for an answer to this prompt, with or without one. */
  | { kind: 'ended'; prompt: number }
);

/** A token that the host's engine generated, for comparison. */
export interface HostToken {
  index: number;
  id: number;
  text: string;
}

/** Messages of the token monitor's host to its webview. */
export type ToMonitor =
  | { kind: 'boards'; boards: readonly MonitorBoard[] }
  | { kind: 'connection'; connection: MonitorConnection }
  /** The webview returns `sequence` by `drawn`: the host sends no more until then. */
  | { kind: 'items'; sequence: number; items: readonly MonitorItem[] }
  /** Tokens of the host's engine for a prompt; `done` with the last of them. */
  | { kind: 'host'; prompt: number; tokens: readonly HostToken[]; done: boolean }
  /** Why there is no comparison for a prompt. */
  | { kind: 'noHost'; prompt: number; why: string }
  | { kind: 'failed'; message: string };

/** Line end to append to typed lines. */
export type LineEnding = 'none' | 'lf' | 'cr' | 'crlf';

/** Messages of the webview to its host. */
export type FromMonitor =
  | { kind: 'ready' }
  | { kind: 'drawn'; sequence: number }
  | { kind: 'choose'; board: string }
  /** Connect to the chosen board. */
  | { kind: 'connect' }
  /** Build & Flash onto the chosen board. */
  | { kind: 'flash' }
  | { kind: 'disconnect' }
  /** `number`: unique among prompts; `compare`: let the host's engine generate the same. */
  | { kind: 'prompt'; number: number; request: GenerateRequest; compare: boolean }
  | { kind: 'stop' }
  | { kind: 'send'; text: string; ending: LineEnding }
  | { kind: 'baudRate'; baudRate: number }
  | { kind: 'saveLog' }
  | { kind: 'replay' }
  /** Settings of the view, opaque to the host. */
  | { kind: 'keep'; settings: unknown };
