import {
  heard,
  heardFromHost,
  interrupted,
  withoutHost,
  type Speech,
} from '../../src/core/monitor/speech';
import { withLimits } from '../../src/core/monitor/speech-limits';
import { readGenerate } from '../../src/core/wire/commands';
import type {
  MonitorBoard,
  MonitorConnection,
  MonitorItem,
  ToMonitor,
} from '../../src/core/wire/monitor-messages';

/** The generation of the host's engine, or why there is none. */
type HostMessage = Extract<ToMonitor, { kind: 'host' | 'noHost' }>;

/** The state of the view, apart from the lines of the log, which are many and kept elsewhere. */
export interface MonitorState {
  boards: readonly MonitorBoard[];
  connection: MonitorConnection;
  speech: Speech;
  /** Number of the prompt that the user sent last; the first is 1. */
  prompt: number;
  /** Messages of the host's engine since that prompt was sent; absent unless it is on its way. */
  awaited?: readonly HostMessage[];
  failure?: string;
}

export const firstState: MonitorState = {
  boards: [],
  connection: { status: 'none', baudRate: 115200 },
  speech: [],
  prompt: 0,
};

/** An action of the user: sent a prompt, or read the failure. */
type UserAction = { kind: 'asked' } | { kind: 'read' };

/** The state after a message of the host or an action of the user. */
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
      if (message.prompt !== state.prompt) return state;
      // The host posts it at once, while the line to the board waits for its batch.
      if (state.awaited) return { ...state, awaited: [...state.awaited, message] };
      return { ...state, speech: withHost(state.speech, message) };
    case 'failed':
      return { ...state, failure: message.message };
    case 'asked':
      return { ...state, prompt: state.prompt + 1, awaited: [] };
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
  const { hello, config } = state.connection;
  const speech = withLimits(heard(state.speech, items), hello, config);
  const { awaited, ...rest } = { ...state, speech };
  const hasBegun = items.some((item) => item.kind === 'sent' && readGenerate(item.line));
  if (hasBegun) {
    if (awaited) return { ...rest, speech: awaited.reduce(withHost, rest.speech) };
    // Another client has sent this prompt: the host's messages are about a different one.
    return { ...rest, prompt: state.prompt + 1 };
  }
  const isOver = items.some((item) => item.kind === 'ended' && item.prompt === state.prompt);
  return awaited && !isOver ? { ...rest, awaited } : rest;
}

function withHost(speech: Speech, message: HostMessage): Speech {
  return message.kind === 'host'
    ? heardFromHost(speech, message.tokens, message.done)
    : withoutHost(speech, message.why);
}
