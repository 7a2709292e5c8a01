import type { Line, LineLog } from './line-log';
import type { Span } from './piece';

/** What lines have to contain. */
export interface LineTest {
  passes(text: string): boolean;
  /** Where in the text it is found. */
  find(text: string): Span[];
}

/** Places in a line that are told; more are none that people would look at. */
const mostPlaces = 100;

/**
 * The test for what was typed: a text in any case, or a regular expression between slashes. Why it
 * is none; or undefined when nothing was typed.
 */
export function lineTest(query: string): LineTest | { problem: string } | undefined {
  if (query === '') return undefined;
  // Other letters at the end make it a path, not an expression.
  const [, pattern, flags = ''] = /^\/(.+)\/([dgimsuvy]*)$/s.exec(query) ?? [];
  if (pattern === undefined) {
    return testOf(new RegExp(query.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i'));
  }
  try {
    return testOf(new RegExp(pattern, flags));
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function testOf({ source, flags }: RegExp): LineTest {
  // One that remembers where it was would miss every other line.
  const kept = flags.replace(/[dgy]/g, '');
  const once = new RegExp(source, kept);
  const every = new RegExp(source, `${kept}g`);
  return {
    passes: (text) => once.test(text),
    find(text) {
      const places: Span[] = [];
      for (const { 0: whole, index } of text.matchAll(every)) {
        if (whole !== '') places.push([index, index + whole.length]);
        if (places.length === mostPlaces) break;
      }
      return places;
    },
  };
}

/** Lines that are looked at before the time is looked at. */
const linesAtOnce = 500;

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
   * @returns whether nothing is left
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
