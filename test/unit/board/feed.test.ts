import { describe, expect, test } from 'vitest';
import type { MonitorItem } from '../../../src/core/wire/monitor-messages';
import { MonitorFeed } from '../../../src/node/board/monitor/feed';

/** A view that a test lets draw, and a clock that a test lets run. */
function view() {
  const batches: { sequence: number; items: readonly MonitorItem[] }[] = [];
  const ticks: (() => void)[] = [];
  const feed = new MonitorFeed((sequence, items) => batches.push({ sequence, items }), {
    now: () => 0,
    sleep: () => new Promise((resolve) => ticks.push(resolve)),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const tick = async () => {
    ticks.splice(0).forEach((resolve) => resolve());
    await settle();
  };
  const draw = async () => {
    feed.drawn(batches.at(-1)?.sequence ?? 0);
    await settle();
  };
  return { feed, batches, tick, draw };
}

const text = (at: number, value: string): MonitorItem => ({ at, kind: 'text', text: value });
const note = (value: string): MonitorItem => ({ at: 0, kind: 'note', text: value });

describe('the feed of a view', () => {
  test('sends the first item at once, and the next batch when it is drawn and time', async () => {
    const { feed, batches, tick, draw } = view();
    feed.put(note('a'));
    feed.put(note('b'));
    feed.put(note('c'));
    expect(batches.map(({ items }) => items)).toEqual([[note('a')]]);
    await draw();
    expect(batches).toHaveLength(1);
    await tick();
    expect(batches[1]?.items).toEqual([note('b'), note('c')]);
    await tick();
    feed.put(note('d'));
    await tick();
    expect(batches).toHaveLength(2);
    await draw();
    expect(batches[2]?.items).toEqual([note('d')]);
  });

  test('joins texts of one moment', async () => {
    const { feed, batches, tick, draw } = view();
    for (const item of [note('a'), text(1, 'b'), text(2, 'c'), text(90, 'd')]) feed.put(item);
    await draw();
    await tick();
    expect(batches[1]?.items).toEqual([text(1, 'bc'), text(90, 'd')]);
  });

  test('keeps its memory bounded, and reports how much it has skipped', async () => {
    const { feed, batches, tick, draw } = view();
    const [piece, pieces] = [1000, 100_000];
    for (let at = 0; at < pieces; at++) feed.put(text(at * 100, 'x'.repeat(piece)));
    let [shown, skipped, largest] = [0, 0, 0];
    for (let seen = 0; seen < batches.length; seen++) {
      let size = 0;
      for (const item of batches[seen]?.items ?? []) {
        if (item.kind === 'skipped') skipped += item.bytes;
        if (item.kind === 'text') size += item.text.length;
      }
      shown += size;
      largest = Math.max(largest, size);
      await draw();
      await tick();
    }
    expect(shown + skipped).toBe(piece * pieces);
    expect(skipped).toBeGreaterThan(0.99 * piece * pieces);
    expect(largest).toBeLessThanOrEqual(128 * 1024);
    // The view shows the newest item.
    expect(batches.at(-1)?.items.at(-1)?.at).toBe((pieces - 1) * 100);
  });

  test('does not wait for a view that was reloaded', async () => {
    const { feed, batches, tick } = view();
    feed.put(note('a'));
    feed.put(note('b'));
    feed.restart();
    await tick();
    expect(batches[1]?.items).toEqual([note('b')]);
  });

  test('ignores an answer to an older batch', async () => {
    const { feed, batches, tick, draw } = view();
    feed.put(note('a'));
    await draw();
    await tick();
    feed.put(note('b'));
    feed.put(note('c'));
    feed.drawn(1);
    await tick();
    expect(batches).toHaveLength(2);
  });

  test('lets producers wait that can', async () => {
    const { feed, tick, draw } = view();
    await feed.room();
    for (let at = 0; at < 400; at++) feed.put(text(at * 100, 'x'.repeat(1000)));
    let made = false;
    void feed.room().then(() => (made = true));
    await tick();
    expect(made).toBe(false);
    await draw();
    await draw();
    await tick();
    expect(made).toBe(true);
  });

  test('sends nothing after dispose', () => {
    const { feed, batches } = view();
    feed.dispose();
    feed.put(note('a'));
    expect(batches).toEqual([]);
  });
});
