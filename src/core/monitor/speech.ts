import { readGenerate } from '../wire/commands';
import type { DoneRecord } from '../wire/device-records';
import type { HostToken, MonitorItem } from '../wire/monitor-messages';

export interface SpokenToken {
  id: number;
  text: string;
  /** Microseconds since the token before, or since the generation began. */
  latency: number;
  rank?: number;
}

/** What a board has said to one prompt. */
export interface Generation {
  /** Counts from 0. */
  number: number;
  /** Undefined when somebody else has asked. */
  prompt?: string;
  tokens: readonly SpokenToken[];
  /** What the text still owed when it ended inside a character. */
  rest: string;
  done?: DoneRecord;
  /** Why it ended without a summary. */
  failure?: string;
  /** The same on the host, as far as it is known. */
  host?: { tokens: readonly HostToken[]; done: boolean };
  noHost?: string;
}

/** Generations that are kept: older ones are in the serial view. */
const keptGenerations = 50;

/** The generations after an item that has come. */
export function heard(speech: readonly Generation[], item: MonitorItem): readonly Generation[] {
  if (item.kind === 'sent') {
    const request = readGenerate(item.line);
    return request === undefined ? speech : begun(speech, request.prompt);
  }
  if (item.kind !== 'record') return speech;
  const { record } = item;
  switch (record.record) {
    case 'token': {
      const open = isOpen(speech) && record.index === last(speech)?.tokens.length;
      const current = open ? speech : begun(speech);
      return change(current, ({ tokens, ...rest }) => {
        const before = tokens.reduce((sum, { latency }) => sum + latency, 0);
        const { id, text, us, rank } = record;
        const token = { id, text, latency: us - before, ...(rank !== undefined && { rank }) };
        return { ...rest, tokens: [...tokens, token] };
      });
    }
    case 'done':
      if (!isOpen(speech)) return speech;
      return change(speech, (generation) => ({ ...generation, done: record, rest: record.text }));
    case 'error':
      if (!isOpen(speech)) return speech;
      return change(speech, (generation) => ({ ...generation, failure: record.message }));
    default:
      return speech;
  }
}

/** What the host has said to the last prompt. */
export function heardFromHost(
  speech: readonly Generation[],
  tokens: readonly HostToken[],
  done: boolean,
): readonly Generation[] {
  return change(speech, (generation) => ({
    ...generation,
    host: { tokens: [...(generation.host?.tokens ?? []), ...tokens], done },
  }));
}

/** There is nothing to compare the last generation with. */
export function withoutHost(speech: readonly Generation[], why: string): readonly Generation[] {
  return change(speech, (generation) => ({ ...generation, noHost: why }));
}

/** Whether the board is speaking. */
export function isSpeaking(speech: readonly Generation[]): boolean {
  return isOpen(speech);
}

/** Index of the first token that board and host have both said and that differs. */
export function firstDivergence({ tokens, host, done }: Generation): number | undefined {
  if (!host) return undefined;
  const both = Math.min(tokens.length, host.tokens.length);
  for (let index = 0; index < both; index++) {
    if (tokens[index]?.id !== host.tokens[index]?.id) return index;
  }
  // One that was stopped is no shorter for a fault of its own.
  const ended = done !== undefined && done.reason !== 'stopped' && host.done;
  return ended && tokens.length !== host.tokens.length ? both : undefined;
}

/** Tokens a second over the last tokens, of what has been spoken so far. */
export function recentSpeed(tokens: readonly SpokenToken[], count = 16): number {
  // The first token waits for the whole prompt.
  const recent = tokens.slice(Math.max(1, tokens.length - count));
  const microseconds = recent.reduce((sum, { latency }) => sum + latency, 0);
  return microseconds > 0 ? (recent.length * 1e6) / microseconds : 0;
}

/** How many steps latencies are told apart in. */
export const latencySteps = 5;

/**
 * A function that gives a latency its step, 0 for the quickest tokens of a generation to
 * latencySteps - 1 for the slowest. The first token, which waits for the prompt, does not count.
 */
export function latencyScale(tokens: readonly SpokenToken[]): (latency: number) => number {
  const sorted = tokens.slice(1).map(({ latency }) => latency);
  sorted.sort((a, b) => a - b);
  const least = sorted[Math.floor(0.05 * sorted.length)] ?? 0;
  const most = sorted[Math.floor(0.95 * sorted.length)] ?? 0;
  // Differences of a few per cent are none that people would care about.
  const range = Math.max(most - least, 0.05 * most);
  return (latency) => {
    if (range <= 0) return 0;
    const step = Math.floor((latencySteps * (latency - least)) / range);
    return Math.min(latencySteps - 1, Math.max(0, step));
  };
}

function begun(speech: readonly Generation[], prompt?: string): readonly Generation[] {
  const number = (last(speech)?.number ?? -1) + 1;
  const fresh = { number, tokens: [], rest: '', ...(prompt !== undefined && { prompt }) };
  return [...speech, fresh].slice(-keptGenerations);
}

function last(speech: readonly Generation[]): Generation | undefined {
  return speech.at(-1);
}

function isOpen(speech: readonly Generation[]): boolean {
  const generation = last(speech);
  return generation !== undefined && !generation.done && generation.failure === undefined;
}

function change(
  speech: readonly Generation[],
  to: (generation: Generation) => Generation,
): readonly Generation[] {
  const generation = last(speech);
  return generation ? [...speech.slice(0, -1), to(generation)] : speech;
}
