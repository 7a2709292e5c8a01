import { grouped } from '../text';
import { collapsedLine } from './terminal-line';
import type { DeviceRecord } from '../wire/device-records';
import type { MonitorItem } from '../wire/monitor-messages';

/** A line of the serial view. */
export interface Line {
  /** Arrival of its first piece, in milliseconds since 1970. */
  at: number;
  kind: 'text' | 'record' | 'sent' | 'note';
  /** Text as received; for a record, its JSON. */
  text: string;
  /** The record, for views that show records in other words. */
  record?: DeviceRecord;
  /** Continues the line before, which was too long. */
  isRest?: true;
}

/** Least number of lines and characters to keep; older ones are in the log file. */
export const scrollback = { lines: 200_000, characters: 32 * 1024 * 1024 };
/** Longest line in characters: longer ones are split, and stay legible. */
const longestLine = 2000;
/** Characters that move the cursor back: such a line is first reduced to its final state. */
const rewritten = /[\r\b\x1b]/;

function isFull({ text }: Line): boolean {
  return text.length >= longestLine;
}

/**
 * The lines of a session, joined from pieces that may be split anywhere. Lines have numbers that
 * never change; the log drops the oldest beyond its limits.
 */
export class LineLog {
  private lines: Line[] = [];
  private characters = 0;
  /** Number of lines that were dropped. */
  private gone = 0;
  /** The last line has no end yet. */
  private isOpen = false;

  constructor(private readonly limit = scrollback) {}

  /** Number of the oldest line still in the log. */
  get first(): number {
    return Math.max(this.gone, this.end - this.limit.lines);
  }

  /** Number that the next line will get. */
  get end(): number {
    return this.gone + this.lines.length;
  }

  at(number: number): Line | undefined {
    return number < this.first ? undefined : this.lines[number - this.gone];
  }

  push(item: MonitorItem): void {
    switch (item.kind) {
      case 'text':
        this.text(item.at, item.text);
        break;
      case 'record':
        this.whole({ ...item, text: JSON.stringify(item.record) });
        break;
      case 'sent':
        this.whole({ at: item.at, kind: 'sent', text: item.line });
        break;
      case 'note':
        this.whole({ at: item.at, kind: 'note', text: item.text });
        break;
      case 'skipped': {
        const text = `${grouped(item.bytes)} bytes came too fast to show; they are in the log.`;
        this.whole({ at: item.at, kind: 'note', text });
        break;
      }
      case 'ended':
        return;
    }
    this.trim();
  }

  clear(): void {
    this.gone = this.end;
    this.lines = [];
    this.characters = 0;
    this.isOpen = false;
  }

  private text(at: number, text: string): void {
    let rest = text;
    while (rest !== '') {
      const feed = rest.indexOf('\n');
      const piece = feed < 0 ? rest : rest.slice(0, feed);
      this.append(at, piece);
      if (feed < 0) return;
      this.isOpen = false;
      rest = rest.slice(feed + 1);
    }
  }

  /** Adds to the open line, or opens one. */
  private append(at: number, piece: string): void {
    let rest = piece;
    do {
      let last = this.isOpen ? this.lines.at(-1) : undefined;
      if (last && isFull(last)) this.shorten(last);
      const isRest = last !== undefined && isFull(last);
      if (isRest && rest === '') return;
      if (!last || isRest) {
        last = { at, kind: 'text', text: '', ...(isRest && { isRest }) };
        this.lines.push(last);
      }
      const part = rest.slice(0, longestLine - last.text.length);
      rest = rest.slice(part.length);
      last.text += part;
      this.characters += part.length;
      this.isOpen = true;
    } while (rest !== '');
  }

  /** Reduces a rewritten line to its final state, unless that is too long as well. */
  private shorten(line: Line): void {
    if (!rewritten.test(line.text)) return;
    const shorter = collapsedLine(line.text);
    if (shorter.length > longestLine / 2) return;
    this.characters -= line.text.length - shorter.length;
    line.text = shorter;
  }

  private whole(line: Line): void {
    this.isOpen = false;
    this.characters += line.text.length;
    this.lines.push(line);
  }

  /** Trims only now and then, so that it costs little a line. */
  private trim(): void {
    const { lines, limit } = this;
    if (lines.length < 2 * limit.lines && this.characters < 2 * limit.characters) return;
    let first = Math.max(0, lines.length - limit.lines);
    let characters = 0;
    for (const { text } of lines.slice(first)) characters += text.length;
    while (characters > limit.characters) characters -= lines[first++]?.text.length ?? 0;
    this.lines = lines.slice(first);
    this.characters = characters;
    this.gone += first;
  }
}
