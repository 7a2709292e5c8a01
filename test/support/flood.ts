import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, onTestFinished } from 'vitest';
import type { BoardLink } from '../../src/node/board/link/board-link';
import { MonitorFeed } from '../../src/node/board/monitor/feed';
import { LiveSession } from '../../src/node/board/monitor/live-session';
import { readSession } from '../../src/node/board/monitor/read-session';
import { SessionRecorder } from '../../src/node/board/monitor/session-recorder';

const megabyte = 1024 * 1024;
/** Bytes that the process may grow by, whatever a board does. */
const growthLimit = 200 * megabyte;
/** Milliseconds that the view needs to draw a batch. */
const drawingTime = 100;

/** A monitor with a view that is too slow for its board; checks memory and log of the process. */
export class Flood {
  private readonly loop = monitorEventLoopDelay({ resolution: 10 });
  private readonly begun = performance.now();
  private readonly before = process.memoryUsage().rss;
  private readonly watch: NodeJS.Timeout;
  private peak = this.before;
  private ticks = 0;
  private readonly view = { batches: 0, shown: 0, skipped: 0 };
  private readonly feed: MonitorFeed;

  private constructor(private readonly session: LiveSession) {
    const { view } = this;
    this.feed = new MonitorFeed((sequence, items) => {
      view.batches++;
      for (const item of items) {
        if (item.kind === 'text') view.shown += item.text.length;
        if (item.kind === 'skipped') view.skipped += item.bytes;
      }
      setTimeout(() => this.feed.drawn(sequence), drawingTime);
    });
    session.onItem((item) => this.feed.put(item));
    this.watch = setInterval(() => {
      this.ticks++;
      this.peak = Math.max(this.peak, process.memoryUsage().rss);
    }, 20);
    this.loop.enable();
  }

  /** Lets a monitor listen to a link. */
  static async into(link: BoardLink): Promise<Flood> {
    const folder = mkdtempSync(join(tmpdir(), 'starmind-flood-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'log.jsonl');
    return new Flood(new LiveSession(link, await SessionRecorder.create(path, () => link.hold())));
  }

  /** Ends it, prints its figures, and requires that no byte was lost and memory stayed bounded. */
  async endsWell(hash: string, bytes: number): Promise<void> {
    const { session, view } = this;
    const seconds = (performance.now() - this.begun) / 1000;
    clearInterval(this.watch);
    this.loop.disable();
    this.feed.dispose();
    await session.dispose();
    const grown = this.peak - this.before;
    console.log(
      [
        `${(bytes / 1e6 / seconds).toFixed(1)} MB/s for ${seconds.toFixed(1)} s`,
        `memory grew by ${(grown / megabyte).toFixed(0)} MB`,
        `the event loop was late by ${(this.loop.max / 1e6).toFixed(0)} ms at most`,
        `${view.batches} batches with ${view.shown} characters shown, ${view.skipped} skipped`,
      ].join('; '),
    );
    expect(await hashOfLog(session.recorder?.path ?? '')).toBe(hash);
    expect(grown).toBeLessThan(growthLimit);
    // The event loop had its turns all the while.
    expect(this.ticks).toBeGreaterThan(10);
    expect(view.batches).toBeGreaterThan(1);
    expect(view.skipped).toBeGreaterThan(0);
  }
}

async function hashOfLog(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const entry of readSession(path)) if (entry.kind === 'data') hash.update(entry.bytes);
  return hash.digest('hex');
}
