import type { MonitorItem } from '../../../core/wire/monitor-messages';

/** Shortest time between two batches, in milliseconds. */
const interval = 33;
/** Most bytes that wait for the view; beyond them the oldest are left to the log. */
const waitingLimit = 512 * 1024;
/** What a record counts, beside the text of a piece. */
const recordBytes = 160;

/** Sends a batch; the view gives its sequence back when it has drawn it. */
export type SendBatch = (sequence: number, items: readonly MonitorItem[]) => void;

/**
 * Feeds a view at the pace at which it draws: one batch at a time, and a bounded one. A board that
 * floods loses nothing but its place on the screen.
 */
export class MonitorFeed {
  private waiting: MonitorItem[] = [];
  private bytes = 0;
  private skipped = 0;
  private sequence = 0;
  private drawn = 0;
  private timer: NodeJS.Timeout | undefined;
  private lastSent = -Infinity;

  constructor(private readonly send: SendBatch) {}

  push(item: MonitorItem): void {
    const last = this.waiting.at(-1);
    // Text comes in small pieces; those of one moment are one.
    if (item.kind === 'text' && last?.kind === 'text' && item.at - last.at < interval) {
      last.text += item.text;
    } else {
      this.waiting.push({ ...item });
    }
    this.bytes += sizeOf(item);
    if (this.bytes > waitingLimit) this.skip();
    this.schedule();
  }

  /** The view has drawn a batch. */
  acknowledge(sequence: number): void {
    this.drawn = Math.max(this.drawn, sequence);
    this.schedule();
  }

  /** The view is a new one: it will not answer for what the old one was sent. */
  restart(): void {
    this.drawn = this.sequence;
    this.schedule();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.timer || this.drawn < this.sequence || this.waiting.length === 0) return;
    const rest = Math.max(0, this.lastSent + interval - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.flush();
    }, rest);
  }

  private flush(): void {
    const items = this.waiting;
    if (this.skipped > 0) {
      items.unshift({ at: items[0]?.at ?? 0, kind: 'skipped', bytes: this.skipped });
    }
    this.waiting = [];
    this.bytes = 0;
    this.skipped = 0;
    this.lastSent = performance.now();
    this.send(++this.sequence, items);
  }

  /** Leaves the oldest half to the log; what was sent and what happened stays. */
  private skip(): void {
    const kept: MonitorItem[] = [];
    for (const item of this.waiting) {
      const isOutput = item.kind === 'text' || item.kind === 'record';
      if (!isOutput || this.bytes <= waitingLimit / 2) {
        kept.push(item);
        continue;
      }
      const size = sizeOf(item);
      this.bytes -= size;
      this.skipped += size;
    }
    this.waiting = kept;
  }
}

function sizeOf(item: MonitorItem): number {
  if (item.kind === 'text' || item.kind === 'note') return item.text.length;
  return item.kind === 'record' ? recordBytes : 0;
}
