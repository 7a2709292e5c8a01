import type { MonitorItem } from '../core/wire/monitor-messages';
import { recordText } from '../core/monitor/record-text';

/** How a monitor shows a board's output. */
export interface PrintOptions {
  /** One JSON object a line instead of readable text. */
  json?: boolean;
  /** Prefix each line with its time. */
  timestamps?: boolean;
}

/** Formats a board's output for printing. */
export class MonitorPrinter {
  private atLineStart = true;

  constructor(
    private readonly options: PrintOptions,
    private readonly print: (text: string) => void,
  ) {}

  /** Prints the board's output; ignores sent lines and events, which the caller prints. */
  put(item: MonitorItem): void {
    if (item.kind !== 'text' && item.kind !== 'record') return;
    if (this.options.json) this.asJson(item);
    else if (item.kind === 'text') this.text(item.at, item.text);
    else if (item.record.record === 'token') this.text(item.at, item.record.text);
    else this.line(item.at, item);
  }

  /** Ends a line that is still open. */
  endLine(): void {
    if (!this.atLineStart && !this.options.json) this.print('\n');
    this.atLineStart = true;
  }

  private asJson(item: MonitorItem & { kind: 'text' | 'record' }): void {
    const at = this.options.timestamps ? { at: item.at } : {};
    const said = item.kind === 'text' ? { text: item.text } : item.record;
    this.print(`${JSON.stringify({ ...at, ...said })}\n`);
  }

  private line(at: number, { record }: MonitorItem & { kind: 'record' }): void {
    // An incomplete character at the end of a generation.
    if (record.record === 'done' && record.text !== '') this.text(at, record.text);
    this.endLine();
    this.text(at, `[${recordText(record)}]\n`);
  }

  private text(at: number, text: string): void {
    if (text === '') return;
    this.print(this.options.timestamps ? this.stamped(at, text) : text);
    this.atLineStart = text.endsWith('\n');
  }

  /** Each line that begins in the text begins with the time. */
  private stamped(at: number, text: string): string {
    const stamp = `${timeOfDay(at)}  `;
    const inside = text.slice(0, -1).replaceAll('\n', `\n${stamp}`) + text.slice(-1);
    return this.atLineStart ? stamp + inside : inside;
  }
}

/** For example 09:05:01.250, in the time zone of this computer. */
function timeOfDay(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
