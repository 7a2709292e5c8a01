import type { GenerateRequest } from './commands';
import type { DeviceRecord, HelloRecord } from './device-records';

/** A board that the monitor can listen to. */
export interface MonitorBoard {
  /** Stays the same over replugging: `virtual`, a serial number, or the path of a port. */
  id: string;
  label: string;
  /** For example its port. */
  detail?: string;
  /** `port`: of something that carries a UART, or of another maker's device. */
  kind: 'virtual' | 'serial' | 'bootloader' | 'port';
}

/** How the connection to the chosen board stands. */
export interface MonitorConnection {
  status:
    | 'none'
    | 'searching' // the board is not there; it is connected to when it comes
    | 'connected'
    | 'lent' // something else, such as flashing, has the port for now
    | 'failed'
    | 'replaying';
  board?: MonitorBoard;
  /** Why it failed or what it waits for, with the remedy. */
  detail?: string;
  /** What the board said of itself; absent for firmware that is not ours. */
  hello?: HelloRecord;
  baudRate: number;
}

/** What came from the board, went to it, or happened to the connection. */
export type MonitorItem = { /** Milliseconds since 1970. */ at: number } & (
  | { kind: 'record'; record: DeviceRecord }
  /** Pieces of text, cut anywhere. */
  | { kind: 'text'; text: string }
  | { kind: 'sent'; line: string }
  | { kind: 'note'; text: string }
  /** The view could not keep up; these are in the log alone. */
  | { kind: 'skipped'; bytes: number }
  /** Nobody waits for an answer to this prompt any more, whether there was one or not. */
  | { kind: 'ended'; prompt: number }
);

/** A token as the host's engine speaks it, for comparison. */
export interface HostToken {
  index: number;
  id: number;
  text: string;
}

/** What the token monitor's host tells its webview. */
export type ToMonitor =
  | { kind: 'boards'; boards: readonly MonitorBoard[] }
  | { kind: 'connection'; connection: MonitorConnection }
  /** `sequence` is to be given back by `drawn`: no more is sent until then. */
  | { kind: 'items'; sequence: number; items: readonly MonitorItem[] }
  /** What the host's engine says to a prompt; `done` with the last of it. */
  | { kind: 'host'; prompt: number; tokens: readonly HostToken[]; done: boolean }
  /** No comparison for a prompt: why. */
  | { kind: 'noHost'; prompt: number; why: string }
  | { kind: 'failed'; message: string };

/** How lines that are typed end. */
export type LineEnding = 'none' | 'lf' | 'cr' | 'crlf';

/** What the webview tells its host. */
export type FromMonitor =
  | { kind: 'ready' }
  | { kind: 'drawn'; sequence: number }
  | { kind: 'choose'; board: string }
  /** To the board that is chosen. */
  | { kind: 'connect' }
  /** Build & Flash onto the chosen board. */
  | { kind: 'flash' }
  | { kind: 'disconnect' }
  /** `number`: unlike those of other prompts; `compare`: let the host's engine say the same. */
  | { kind: 'prompt'; number: number; request: GenerateRequest; compare: boolean }
  | { kind: 'stop' }
  | { kind: 'send'; text: string; ending: LineEnding }
  | { kind: 'baudRate'; baudRate: number }
  | { kind: 'saveLog' }
  | { kind: 'replay' }
  /** Settings of the view, which only the view understands. */
  | { kind: 'keep'; settings: unknown };
