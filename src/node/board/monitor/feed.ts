import type { MonitorItem } from '../../../core/wire/monitor-messages';
import { systemClock, type Clock } from '../../clock';

/** Milliseconds between two batches. */
const interval = 33;

/** Limits of a batch: drawing costs time for each item and for each byte. */
const batchLimit = { items: 2000, bytes: 128 * 1024 };

/** Bytes that may wait for the view. */
const waitingLimit = 512 * 1024;

/** Texts closer together than this, in milliseconds, are joined. */
const oneMoment = 10;

interface Waiting {
  item: MonitorItem;
  bytes: number;
}

/**
 * Sends items to a view that may be slower than the board: in batches, a new one when the view has
 * drawn the last. When too many items wait, it drops the older half and puts one item there that
 * says so: the log has all of it.
 */
export class MonitorFeed {
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private skippedBytes = 0;
  private skippedAt = 0;
  private sequence = 0;
  private sending = false;
  private disposed = false;
  /** Resolvers of the wait for the view, and of the waits for room. */
  private drawnLast: (() => void) | undefined;
  private roomMade: (() => void)[] = [];

  constructor(
    private readonly send: (sequence: number, items: readonly MonitorItem[]) => void,
    private readonly clock: Clock = systemClock,
  ) {}

  put(item: MonitorItem): void {
    if (this.disposed) return;
    this.add(item);
    if (this.waitingBytes > waitingLimit) this.skip();
    if (!this.sending) void this.sendAll();
  }

  /** Reports that the view has drawn a batch. */
  drawn(sequence: number): void {
    if (sequence === this.sequence) this.drawnLast?.();
  }

  /** Starts over with a reloaded view, which will not draw earlier batches. */
  restart(): void {
    this.drawnLast?.();
  }

  /** Resolves when more items fit without dropping any: for producers that can wait. */
  async room(): Promise<void> {
    if (this.waitingBytes <= waitingLimit / 2 || this.disposed) return;
    await new Promise<void>((resolve) => this.roomMade.push(resolve));
  }

  dispose(): void {
    this.disposed = true;
    this.waiting = [];
    this.drawnLast?.();
    this.makeRoom();
  }

  private add(item: MonitorItem): void {
    const bytes = sizeOf(item);
    this.waitingBytes += bytes;
    const last = this.waiting.at(-1);
    if (
      item.kind === 'text' &&
      last?.item.kind === 'text' &&
      item.at - last.item.at < oneMoment &&
      last.bytes + bytes <= batchLimit.bytes
    ) {
      last.item = { ...last.item, text: last.item.text + item.text };
      last.bytes += bytes;
    } else {
      this.waiting.push({ item, bytes });
    }
  }

  /** Drops the older half of the waiting items. */
  private skip(): void {
    let dropped = 0;
    while (this.waitingBytes > waitingLimit / 2) {
      const oldest = this.waiting[dropped++];
      if (!oldest) break;
      this.waitingBytes -= oldest.bytes;
      this.skippedBytes += oldest.bytes;
      this.skippedAt = oldest.item.at;
    }
    const kept = this.waiting.splice(0, dropped).filter(({ item }) => item.kind === 'ended');
    this.waiting.unshift(...kept);
  }

  private async sendAll(): Promise<void> {
    this.sending = true;
    while (this.waiting.length > 0 && !this.disposed) {
      const drawn = new Promise<void>((resolve) => (this.drawnLast = resolve));
      this.sequence++;
      this.send(this.sequence, this.takeBatch());
      this.makeRoom();
      await Promise.all([drawn, this.clock.sleep(interval)]);
    }
    this.sending = false;
  }

  private takeBatch(): MonitorItem[] {
    let count = 0;
    let bytes = 0;
    for (const entry of this.waiting) {
      if (count > 0 && bytes + entry.bytes > batchLimit.bytes) break;
      if (count === batchLimit.items) break;
      bytes += entry.bytes;
      count++;
    }
    this.waitingBytes -= bytes;
    const items = this.waiting.splice(0, count).map(({ item }) => item);
    if (this.skippedBytes > 0) {
      items.unshift({ at: this.skippedAt, kind: 'skipped', bytes: this.skippedBytes });
    }
    this.skippedBytes = 0;
    return items;
  }

  private makeRoom(): void {
    if (this.waitingBytes > waitingLimit / 2 && !this.disposed) return;
    for (const resolve of this.roomMade.splice(0)) resolve();
  }
}

/** Approximate bytes of an item as sent to the view. */
function sizeOf(item: MonitorItem): number {
  switch (item.kind) {
    case 'text':
    case 'note':
      return item.text.length;
    case 'sent':
      return item.line.length;
    case 'record':
      return JSON.stringify(item.record).length;
    case 'skipped':
    case 'ended':
      return 0;
  }
}
