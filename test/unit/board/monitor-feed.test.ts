import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MonitorItem } from '../../../src/core/wire/monitor-messages';
import { MonitorFeed } from '../../../src/node/board/monitor/feed';
import {
  readRecording,
  Recorder,
  type RecordedEvent,
} from '../../../src/node/board/monitor/recording';

describe('the feed of the monitor', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function feed() {
    const batches: (readonly MonitorItem[])[] = [];
    return { batches, feed: new MonitorFeed((_, items) => batches.push(items)) };
  }

  test('sends the next batch when the last one is drawn', () => {
    const { feed: it, batches } = feed();
    it.push({ at: 0, kind: 'text', text: 'a' });
    it.push({ at: 1, kind: 'text', text: 'b' });
    vi.advanceTimersByTime(50);
    it.push({ at: 50, kind: 'note', text: 'gone' });
    vi.advanceTimersByTime(1000);
    expect(batches).toEqual([[{ at: 0, kind: 'text', text: 'ab' }]]);
    it.acknowledge(1);
    vi.advanceTimersByTime(50);
    expect(batches[1]).toEqual([{ at: 50, kind: 'note', text: 'gone' }]);
  });

  test('a view that is gone holds nothing up', () => {
    const { feed: it, batches } = feed();
    it.push({ at: 0, kind: 'text', text: 'a' });
    vi.advanceTimersByTime(50);
    it.push({ at: 60, kind: 'text', text: 'b' });
    it.restart();
    vi.advanceTimersByTime(50);
    expect(batches).toHaveLength(2);
  });

  test('a flood is bounded: the newest is shown, and how much was skipped', () => {
    const { feed: it, batches } = feed();
    const line = 'x'.repeat(1000);
    let pushed = 0;
    for (let at = 0; at < 40_000; at += 40) {
      it.push({ at, kind: 'text', text: line });
      it.push({ at, kind: 'record', record: { record: 'ready' } });
      pushed += line.length + 160;
    }
    it.push({ at: 40_000, kind: 'sent', line: 'stop' });
    vi.advanceTimersByTime(50);
    const [batch = []] = batches;
    const shown = batch.reduce(
      (sum, item) =>
        sum + (item.kind === 'text' ? item.text.length : item.kind === 'record' ? 160 : 0),
      0,
    );
    const [first] = batch;
    expect(first?.kind).toBe('skipped');
    if (first?.kind === 'skipped') expect(first.bytes + shown).toBe(pushed);
    expect(shown).toBeLessThanOrEqual(512 * 1024);
    expect(batch.at(-1)).toEqual({ at: 40_000, kind: 'sent', line: 'stop' });
  });
});

describe('recordings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'starmind-recording-'));
  const path = join(folder, 'logs', 'session.jsonl');
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function read(file: string): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of readRecording(file)) events.push(event);
    return events;
  }

  test('every byte comes back', async () => {
    const recorder = new Recorder(path, (error) => expect.fail(error.message));
    await recorder.open();
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    recorder.write({ at: 1, kind: 'received', bytes: every });
    recorder.write({ at: 2, kind: 'sent', bytes: Buffer.from('stop\n') });
    recorder.write({ at: 3, kind: 'note', text: 'unplugged' });
    await recorder.close();
    expect(await read(path)).toEqual([
      { at: 1, kind: 'received', bytes: Buffer.from(every) },
      { at: 2, kind: 'sent', bytes: Buffer.from('stop\n') },
      { at: 3, kind: 'note', text: 'unplugged' },
    ]);
  });

  test.each([
    ['nothing', '', 'recording.foreign'],
    ['another file', '{"a":1}\n', 'recording.foreign'],
    [
      'a damaged line',
      '{"recording":"starmind-serial","version":1}\n{"at":\n',
      'recording.damaged',
    ],
    [
      'an unknown kind',
      '{"recording":"starmind-serial","version":1}\n{"at":1}\n',
      'recording.damaged',
    ],
  ])('%s is refused', async (_, text, code) => {
    const recorder = new Recorder(path, () => undefined);
    await recorder.open();
    await recorder.close();
    writeFileSync(path, text);
    await expect(read(path)).rejects.toMatchObject({ code });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('a file that is not there is told', async () => {
    await expect(read(join(folder, 'none.jsonl'))).rejects.toMatchObject({
      code: 'recording.unreadable',
    });
  });
});
