import type { TimeShares } from '../estimate/limits';
import { readGenerate } from '../wire/commands';
import type { DeviceRecord, DoneRecord, TokenRecord } from '../wire/device-records';
import type { HostToken, MonitorItem } from '../wire/monitor-messages';

export interface SpokenToken {
  index: number;
  id: number;
  text: string;
  /** Microseconds since the generation began. */
  us: number;
  /**
   * Microseconds since the token before; for the first, since the generation began: it waits for
   * the whole prompt. Unknown where the token before was lost.
   */
  latency?: number;
  /** 1 for the likeliest. */
  rank?: number;
}

/** A board's answer to one prompt. */
export interface Generation {
  /** Counts from 0. */
  number: number;
  /** Undefined when another client has sent it. */
  prompt?: string;
  tokens: readonly SpokenToken[];
  /** Incomplete character at the end of the text. */
  rest: string;
  done?: DoneRecord;
  /** What its time went into, once it has ended on a board whose clock is known. */
  limits?: TimeShares;
  /** Why it ended without a summary: a sentence. */
  failure?: string;
  /** The host's answer, as far as it is known. */
  host?: { tokens: readonly HostToken[]; done: boolean };
  noHost?: string;
}

export type Speech = readonly Generation[];

/** Generations, and tokens of each, that are kept: older ones are in the serial view. */
const kept = { generations: 50, tokens: 4096 };

/** The generations after new items; the same array when these do not concern them. */
export function heard(speech: Speech, items: readonly MonitorItem[]): Speech {
  const ear = new Ear(speech);
  for (const item of items) ear.hear(item);
  return ear.speech;
}

/** Ends a running generation. `why`: as a sentence. */
export function interrupted(speech: Speech, why: string): Speech {
  return isSpeaking(speech) ? change(speech, { failure: why }) : speech;
}

/**
 * Adds the host's tokens for the last prompt. Ignores tokens that do not continue them: they answer
 * another prompt.
 */
export function heardFromHost(speech: Speech, tokens: readonly HostToken[], done: boolean): Speech {
  const before = speech.at(-1)?.host?.tokens ?? [];
  if (tokens.some(({ index }, place) => index !== before.length + place)) return speech;
  return change(speech, { host: { tokens: [...before, ...tokens], done } });
}

/** Marks the last generation as one without a comparison. */
export function withoutHost(speech: Speech, why: string): Speech {
  return change(speech, { noHost: why });
}

/** Whether the board is speaking, or about to. */
export function isSpeaking(speech: Speech): boolean {
  const generation = speech.at(-1);
  return generation !== undefined && isOpen(generation);
}

function isOpen({ done, failure }: Generation): boolean {
  return !done && failure === undefined;
}

function change(speech: Speech, changes: Partial<Generation>): Speech {
  const generation = speech.at(-1);
  return generation ? [...speech.slice(0, -1), { ...generation, ...changes }] : speech;
}

/** Applies many items at a time, and copies each changed object only once. */
class Ear {
  /** The last generation, when it is a private copy. */
  private own: (Generation & { tokens: SpokenToken[] }) | undefined;

  constructor(public speech: Speech) {}

  hear(item: MonitorItem): void {
    if (item.kind === 'record') this.record(item.record);
    if (item.kind === 'ended' && this.last && isOpen(this.last)) {
      this.change().failure = 'It was broken off.';
    }
    if (item.kind !== 'sent') return;
    const request = readGenerate(item.line);
    // A board refuses a new prompt while it generates.
    if (request === undefined || this.isInSpeech()) return;
    if (this.last && isOpen(this.last)) this.change().failure = 'The board has not answered.';
    this.begin(request.prompt);
  }

  private record(record: DeviceRecord): void {
    switch (record.record) {
      case 'token':
        return this.token(record);
      case 'done':
        if (!this.last || !isOpen(this.last)) return;
        this.change().done = record;
        this.change().rest = record.text;
        return;
      case 'error':
        // An error during a generation answers some other command.
        if (!this.last || this.last.done || this.last.tokens.length > 0) return;
        if (record.code !== 'busy') {
          this.change().failure = `The board refuses: ${record.message}.`;
        }
        return;
      case 'hello':
        if (this.isInSpeech()) this.change().failure = 'The board has started anew.';
        return;
      case 'ready':
        if (this.isInSpeech()) this.change().failure = 'The end of this was not heard.';
        return;
      case 'bench':
        return;
    }
  }

  private token({ index, id, text, us, rank }: TokenRecord): void {
    const before = this.last?.tokens.at(-1);
    const goesOn = this.last !== undefined && !this.last.done && index > (before?.index ?? -1);
    const generation = goesOn ? this.change() : this.begin();
    // The generation was not over after all.
    delete generation.failure;
    const follows = goesOn ? index === (before?.index ?? -1) + 1 : index === 0;
    generation.tokens.push({
      index,
      id,
      text,
      us,
      ...(follows && { latency: Math.max(0, us - (goesOn ? (before?.us ?? 0) : 0)) }),
      ...(rank !== undefined && { rank }),
    });
    if (generation.tokens.length >= 2 * kept.tokens) generation.tokens.splice(0, kept.tokens);
  }

  private get last(): Generation | undefined {
    return this.speech.at(-1);
  }

  private isInSpeech(): boolean {
    return this.last !== undefined && isOpen(this.last) && this.last.tokens.length > 0;
  }

  private begin(prompt?: string): Generation & { tokens: SpokenToken[] } {
    const number = (this.last?.number ?? -1) + 1;
    this.own = { number, tokens: [], rest: '', ...(prompt !== undefined && { prompt }) };
    this.speech = [...this.speech, this.own].slice(-kept.generations);
    return this.own;
  }

  /** The last generation, to be changed. */
  private change(): Generation & { tokens: SpokenToken[] } {
    if (this.own) return this.own;
    if (!this.last) return this.begin();
    this.own = { ...this.last, tokens: [...this.last.tokens] };
    this.speech = [...this.speech.slice(0, -1), this.own];
    return this.own;
  }
}
