import type { FilteredLines } from './line-filter';
import type { Line, LineLog } from './line-log';

/** The lines of a log that are shown: all, or those that pass a filter. */
export class ShownLines {
  constructor(
    private readonly log: LineLog,
    private readonly filtered: FilteredLines | undefined,
  ) {}

  get count(): number {
    return this.filtered ? this.filtered.numbers.length : this.log.end - this.log.first;
  }

  /** How many lines shown before these have been dropped. */
  get gone(): number {
    return this.filtered ? this.filtered.gone : this.log.first;
  }

  numberAt(index: number): number {
    return this.filtered ? (this.filtered.numbers[index] ?? -1) : this.log.first + index;
  }

  at(index: number): Line | undefined {
    return this.log.at(this.numberAt(index));
  }

  /** Index of the first line whose number is not below this one. */
  indexOf(number: number): number {
    let from = 0;
    let to = this.count;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.numberAt(middle) < number) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
