import type { Line, LineLog } from './line-log';

/** What lines have to contain: a text, or a regular expression between slashes. */
export type LineTest = (text: string) => boolean;

/** The test for what was typed; why it is none; or undefined when nothing was typed. */
export function lineTest(query: string): LineTest | { problem: string } | undefined {
  if (query === '') return undefined;
  const [, pattern, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(query) ?? [];
  if (pattern === undefined) {
    const wanted = query.toLowerCase();
    return (text) => text.toLowerCase().includes(wanted);
  }
  try {
    // One that remembers where it was would miss every other line.
    const expression = new RegExp(pattern, flags.replace(/[gy]/g, ''));
    return (text) => expression.test(text);
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** The lines of a log that pass a test, kept up to date without looking at a line twice. */
export class FilteredLines {
  private numbers: number[] = [];
  private seen = 0;

  constructor(
    private readonly log: LineLog,
    private readonly shown: (line: Line) => string,
    private readonly test: LineTest,
  ) {}

  /** Numbers of the lines that pass. */
  update(): readonly number[] {
    const { log } = this;
    // The last line may still grow.
    const from = Math.max(log.first, this.seen - 1);
    while ((this.numbers.at(-1) ?? -1) >= from) this.numbers.pop();
    for (let number = from; number < log.end; number++) {
      const line = log.at(number);
      if (line && this.test(this.shown(line))) this.numbers.push(number);
    }
    this.seen = log.end;
    const gone = this.numbers.findIndex((number) => number >= log.first);
    if (gone > 0) this.numbers.splice(0, gone);
    else if (gone < 0) this.numbers = [];
    return this.numbers;
  }
}
