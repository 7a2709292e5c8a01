import type { Line, LineLog } from './line-log';
import type { Span } from './piece';
import { mayTakeForEver } from './expression-safety';

/** A condition on lines. */
export interface LineTest {
  passes(text: string): boolean;
  /** Spans of the text that match. */
  find(text: string): Span[];
  /** Why the test was given up; it matches no line any more. */
  readonly problem: string | undefined;
}

/** Characters of a line that an expression is tested on; lines of text have no more. */
export const expressionReach = 2000;

/** Most matches to mark in a line. */
const mostPlaces = 100;
/** Milliseconds that an expression may need for a piece of a line. */
const longestLook = 20;
/** Characters of the first piece. */
const firstPiece = 32;

const nested =
  'What repeats in it is repeated as a whole, which can take for ever. Write it with one repetition.';
const slow = 'The expression takes too long. Repeat less in it, or look for a text.';

/**
 * The test for the user's input: a text in any case, or a regular expression between slashes.
 * Returns a problem when the input is invalid, undefined when it is empty.
 *
 * @param now milliseconds since any time
 */
export function lineTest(
  query: string,
  now: () => number = Date.now,
): LineTest | { problem: string } | undefined {
  if (query === '') return undefined;
  // Other letters after the slash make it a path, not an expression.
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

/**
 * Tests a regular expression on longer and longer pieces of a line: JavaScript cannot abort a
 * running match.
 */
class ExpressionTest implements LineTest {
  problem: string | undefined;
  private readonly once: RegExp;
  private readonly every: RegExp;

  /** @throws SyntaxError for an invalid expression */
  constructor(
    source: string,
    flags: string,
    private readonly reach: number,
    private readonly now: () => number,
  ) {
    // Flags that keep state between matches would skip every other line.
    const kept = flags.replace(/[dgy]/g, '');
    this.once = new RegExp(source, kept);
    this.every = new RegExp(source, `${kept}g`);
  }

  passes(text: string): boolean {
    if (this.problem !== undefined) return false;
    // Matching a plain text is always fast.
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

  /**
   * Whether it is too slow twice in a row: a single time, other work may have kept the computer
   * busy.
   */
  private isSlowOn(text: string): boolean {
    return this.takesLong(text) && this.takesLong(text);
  }

  private takesLong(text: string): boolean {
    const begun = this.now();
    this.once.test(text);
    return this.now() - begun > longestLook;
  }
}

/** Lines to test between two looks at the clock: some expressions are slow. */
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

  /** Numbers of the matching lines, as of the last update. */
  get numbers(): readonly number[] {
    return this.passed;
  }

  /** How many of the matching lines the log has dropped. */
  get gone(): number {
    return this.dropped;
  }

  /** Share of the log that has been tested, 0 to 1. */
  get progress(): number {
    const { first, end } = this.log;
    return end > first ? Math.max(0, this.next - first) / (end - first) : 1;
  }

  /**
   * Tests the lines that are new since the last update.
   *
   * @param isLate called now and then: whether to leave the rest for the next update
   * @returns whether all lines are tested, or the test was given up
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

  /** Drops the lines that the log has dropped. */
  private forget(): void {
    const { passed, log } = this;
    let count = 0;
    while (count < passed.length && (passed[count] ?? 0) < log.first) count++;
    if (count > 0) passed.splice(0, count);
    this.dropped += count;
  }
}
