import { heard, heardFromHost, withoutHost, type Generation } from '../../src/core/monitor/speech';
import type {
  MonitorBoard,
  MonitorConnection,
  ToMonitor,
} from '../../src/core/wire/monitor-messages';

/** What the view knows, apart from the lines of the log, which are many and kept elsewhere. */
export interface MonitorState {
  boards: readonly MonitorBoard[];
  connection: MonitorConnection;
  speech: readonly Generation[];
  failure?: string;
}

export const firstState: MonitorState = {
  boards: [],
  connection: { status: 'none', baudRate: 115200 },
  speech: [],
};

/** The state after a message of the host, or after the user has read what failed. */
export function received(state: MonitorState, message: ToMonitor | { kind: 'read' }): MonitorState {
  switch (message.kind) {
    case 'boards':
      return { ...state, boards: message.boards };
    case 'connection':
      return { ...state, connection: message.connection };
    case 'items':
      return { ...state, speech: message.items.reduce(heard, state.speech) };
    case 'host':
      return { ...state, speech: heardFromHost(state.speech, message.tokens, message.done) };
    case 'noHost':
      return { ...state, speech: withoutHost(state.speech, message.why) };
    case 'failed':
      return { ...state, failure: message.message };
    case 'read': {
      const { failure: _, ...rest } = state;
      return rest;
    }
  }
}
