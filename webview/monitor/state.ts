import {
  heard,
  heardFromHost,
  interrupted,
  withoutHost,
  type Speech,
} from '../../src/core/monitor/speech';
import { readGenerate } from '../../src/core/wire/commands';
import type {
  MonitorBoard,
  MonitorConnection,
  MonitorItem,
  ToMonitor,
} from '../../src/core/wire/monitor-messages';

/** What the host's engine says, or why it does not. */
type HostMessage = Extract<ToMonitor, { kind: 'host' | 'noHost' }>;

/** What the view knows, apart from the lines of the log, which are many and kept elsewhere. */
export interface MonitorState {
  boards: readonly MonitorBoard[];
  connection: MonitorConnection;
  speech: Speech;
  /** A prompt is on its way, and what the host's engine has said to it since. */
  awaited?: readonly HostMessage[];
  failure?: string;
}

export const firstState: MonitorState = {
  boards: [],
  connection: { status: 'none', baudRate: 115200 },
  speech: [],
};

/** What the user has done: sent a prompt, or read what failed. */
type UserAction = { kind: 'asked' } | { kind: 'read' };

/** The state after a message of the host, or after the user has done something. */
export function received(state: MonitorState, message: ToMonitor | UserAction): MonitorState {
  switch (message.kind) {
    case 'boards':
      return { ...state, boards: message.boards };
    case 'connection':
      return connected(state, message.connection);
    case 'items':
      return withItems(state, message.items);
    case 'host':
    case 'noHost':
      // It is told at once, while what goes to the board waits for its batch.
      if (state.awaited) return { ...state, awaited: [...state.awaited, message] };
      return { ...state, speech: withHost(state.speech, message) };
    case 'failed':
      return failed(state, message.message);
    case 'asked':
      return { ...state, awaited: [] };
    case 'read': {
      const { failure: _, ...rest } = state;
      return rest;
    }
  }
}

function connected(state: MonitorState, connection: MonitorConnection): MonitorState {
  const { status } = connection;
  const speech =
    status === 'connected' || status === 'replaying'
      ? state.speech
      : interrupted(state.speech, 'The board was disconnected.');
  return { ...state, connection, speech };
}

function withItems(state: MonitorState, items: readonly MonitorItem[]): MonitorState {
  const speech = heard(state.speech, items);
  const { awaited, ...rest } = state;
  const hasBegun = items.some((item) => item.kind === 'sent' && readGenerate(item.line));
  if (!awaited || !hasBegun) return { ...state, speech };
  return { ...rest, speech: awaited.reduce(withHost, speech) };
}

function withHost(speech: Speech, message: HostMessage): Speech {
  return message.kind === 'host'
    ? heardFromHost(speech, message.tokens, message.done)
    : withoutHost(speech, message.why);
}

/** Also when it is about something else: a board that speaks on is heard. */
function failed({ awaited: _, ...state }: MonitorState, message: string): MonitorState {
  return { ...state, failure: message, speech: interrupted(state.speech, 'It was broken off.') };
}
