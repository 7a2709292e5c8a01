import type { Line, LineLog } from './line-log';
import type { Span } from './piece';
import { mayTakeForEver } from './expression-safety';

/** What lines have to contain. */
export interface LineTest {
  passes(text: string): boolean;
  /** Where in the text it is found. */
  find(text: string): Span[];
  /** Why it was given up; nothing passes any more then. */
  readonly problem: string | undefined;
}

/** Characters of a line that an expression looks at; lines of text have no more. */
export const expressionReach = 2000;

/** Places in a line that are told; more are none that people would look at. */
const mostPlaces = 100;
/** Milliseconds that an expression may take for a piece of a line. */
const longestLook = 20;
/** Characters of the first piece. */
const firstPiece = 32;

const nested =
  'What repeats in it is repeated as a whole, which can take for ever. Write it with one repetition.';
const slow = 'The expression takes too long. Repeat less in it, or look for a text.';

/**
 * The test for what was typed: a text in any case, or a regular expression between slashes. Why it
 * is none; or undefined when nothing was typed.
 *
 * @param now milliseconds since any time
 */
export function lineTest(
  query: string,
  now: () => number = Date.now,
): LineTest | { problem: string } | undefined {
  if (query === '') return undefined;
  // Other letters at the end make it a path, not an expression.
  const [, pattern, flags = ''] = /^\/(.+)\/([dgimsuvy]*)$/s.exec(query) ?? [];
  if (pattern === undefined) {
    const text = query.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    return new ExpressionTest(text, 'i', Infinity, now);
  }
  try {
    const test = new ExpressionTest(pattern, flags, expressionReach, now);
    return mayTakeForEver(pattern) ? { problem: nested } : test;
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** Nothing ends an expression that has begun: it is tried on longer and longer pieces of a line. */
class ExpressionTest implements LineTest {
  problem: string | undefined;
  private readonly once: RegExp;
  private readonly every: RegExp;

  /** @throws SyntaxError for what is no expression */
  constructor(
    source: string,
    flags: string,
    private readonly reach: number,
    private readonly now: () => number,
  ) {
    // One that remembers where it was would miss every other line.
    const kept = flags.replace(/[dgy]/g, '');
    this.once = new RegExp(source, kept);
    this.every = new RegExp(source, `${kept}g`);
  }

  passes(text: string): boolean {
    if (this.problem !== undefined) return false;
    // A text is found in no time.
    if (this.reach === Infinity) return this.once.test(text);
    const length = Math.min(text.length, this.reach);
    for (let piece = firstPiece; piece < length; piece *= 2) {
      if (this.isSlowOn(text.slice(0, piece))) return this.giveUp();
    }
    const whole = text.slice(0, length);
    return this.isSlowOn(whole) ? this.giveUp() : this.once.test(whole);
  }

  find(text: string): Span[] {
    const places: Span[] = [];
    if (this.problem !== undefined) return places;
    const end = this.now() + longestLook;
    for (const { 0: whole, index } of text.slice(0, this.reach).matchAll(this.every)) {
      if (whole !== '') places.push([index, index + whole.length]);
      if (places.length === mostPlaces || this.now() > end) break;
    }
    return places;
  }

  private giveUp(): boolean {
    this.problem = slow;
    return false;
  }

  /** Whether it takes too long, twice: once something else may have kept the computer busy. */
  private isSlowOn(text: string): boolean {
    return this.takesLong(text) && this.takesLong(text);
  }

  private takesLong(text: string): boolean {
    const begun = this.now();
    this.once.test(text);
    return this.now() - begun > longestLook;
  }
}

/** Lines that are looked at before the time is looked at: some expressions are slow. */
const linesAtOnce = 16;

/** The lines of a log that pass a test, kept up to date without looking at a line twice. */
export class FilteredLines {
  private passed: number[] = [];
  private next = 0;
  private dropped = 0;

  constructor(
    private readonly log: LineLog,
    private readonly shown: (line: Line) => string,
    private readonly test: LineTest,
  ) {}

  /** Numbers of the lines that pass, as of the last update. */
  get numbers(): readonly number[] {
    return this.passed;
  }

  /** How many of the lines that once passed are kept no longer. */
  get gone(): number {
    return this.dropped;
  }

  /** Share of the log that has been looked at, 0 to 1. */
  get progress(): number {
    const { first, end } = this.log;
    return end > first ? Math.max(0, this.next - first) / (end - first) : 1;
  }

  /**
   * Looks at the lines that have come since.
   *
   * @param isLate asked now and then: whether to leave the rest for another time
   * @returns whether nothing is left, also because the test was given up
   */
  update(isLate: () => boolean = () => false): boolean {
    const { log, passed } = this;
    this.forget();
    // The last line may still grow.
    let number = Math.max(log.first, this.next - 1);
    while ((passed.at(-1) ?? -1) >= number) passed.pop();
    while (number < log.end) {
      const until = Math.min(log.end, number + linesAtOnce);
      for (; number < until; number++) {
        const line = log.at(number);
        if (line && this.test.passes(this.shown(line))) passed.push(number);
        if (this.test.problem !== undefined) return true;
      }
      this.next = number;
      if (isLate()) break;
    }
    return number >= log.end;
  }

  /** Drops the lines that are kept no longer. */
  private forget(): void {
    const { passed, log } = this;
    let count = 0;
    while (count < passed.length && (passed[count] ?? 0) < log.first) count++;
    if (count > 0) passed.splice(0, count);
    this.dropped += count;
  }
}
