import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { MonitorItem } from '../../../src/core/wire/monitor-messages';
import { readSession } from '../../../src/node/board/monitor/read-session';
import { sessionHeader, type SessionEntry } from '../../../src/node/board/monitor/recorded-session';
import { replay } from '../../../src/node/board/monitor/replay';
import { replayItems } from '../../../src/node/board/monitor/replay-session';
import { saveSession } from '../../../src/node/board/monitor/save-session';
import { SessionRecorder } from '../../../src/node/board/monitor/session-recorder';
import { numbersFrom } from './random';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'starmind-session-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const data = (at: number, bytes: Uint8Array | string): SessionEntry => ({
  at,
  kind: 'data',
  bytes: Buffer.from(bytes),
});
const sent = (at: number, text: string): SessionEntry => ({
  at,
  kind: 'sent',
  bytes: Buffer.from(text),
});
const note = (at: number, text: string): SessionEntry => ({ at, kind: 'note', text });

const session: readonly SessionEntry[] = [
  note(1000, 'Connected to port A.'),
  sent(1010, '\nstop\ninfo\n'),
  data(1020, '\x1e{"record":"ready"}\n'),
  data(1900, Uint8Array.of(0xff, 0x00, 0x80)),
  data(2000, 'Größe 😀 \u2028 "quoted"\r\n'),
  data(2001, ''),
];

async function recorded(path: string, entries = session): Promise<SessionRecorder> {
  const recorder = await SessionRecorder.create(path);
  for (const entry of entries) recorder.record(entry);
  return recorder;
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

describe('a recorded session', () => {
  test('is read as it was written', async () => {
    const path = join(folder(), 'a.jsonl');
    await (await recorded(path)).close();
    expect(await all(readSession(path))).toEqual(session);
    expect(readFileSync(path, 'utf8')).toContain('{"at":1900,"data64":"/wCA"}\n');
  });

  test('keeps every byte, whatever they are and however they are cut', async () => {
    const random = numbersFrom(5);
    const path = join(folder(), 'a.jsonl');
    const pieces = Array.from({ length: 300 }, () =>
      Buffer.from(Array.from({ length: random(2000) }, () => random(random(4) ? 256 : 128))),
    );
    await (
      await recorded(
        path,
        pieces.map((bytes, at) => data(at, bytes)),
      )
    ).close();
    const read = (await all(readSession(path))).map((entry) =>
      entry.kind === 'data' ? entry.bytes : Buffer.of(),
    );
    expect(Buffer.concat(read).equals(Buffer.concat(pieces))).toBe(true);
  });

  test('keeps characters that some readers mistake for line ends', async () => {
    const path = join(folder(), 'a.jsonl');
    const text = 'one\u2028two\u2029three\r\n';
    await (await recorded(path, [data(1, Buffer.from(text))])).close();
    expect(readFileSync(path, 'utf8').split(/[\n\r\u2028\u2029]/)).toHaveLength(3);
    expect(await all(readSession(path))).toEqual([data(1, Buffer.from(text))]);
  });

  test('can be read while it is written, and saved', async () => {
    const dir = folder();
    const recorder = await recorded(join(dir, 'a.jsonl'));
    await saveSession(recorder, join(dir, 'saved.jsonl'));
    await saveSession(recorder, join(dir, 'saved.log'));
    recorder.record(note(3000, 'later'));
    await recorder.close();
    expect(await all(readSession(join(dir, 'saved.jsonl')))).toEqual(session);
    const bytes = session.flatMap((entry) => (entry.kind === 'data' ? [entry.bytes] : []));
    expect(readFileSync(join(dir, 'saved.log')).equals(Buffer.concat(bytes))).toBe(true);
  });

  test('holds the board back when the disk cannot keep up, and only then', async () => {
    let [holds, held] = [0, 0];
    const recorder = await SessionRecorder.create(join(folder(), 'a.jsonl'), () => {
      holds++;
      held++;
      return () => held--;
    });
    const piece = Buffer.alloc(65536, 'x');
    // The recorder writes nothing before this function waits.
    for (let at = 0; at < 200; at++) recorder.record(data(at, piece));
    expect([holds, held]).toEqual([1, 1]);
    await recorder.close();
    expect([holds, held]).toEqual([1, 0]);
    expect(recorder.bytes).toBeGreaterThan(200 * piece.length);
  });

  test('ends at its limit, reports that, and can be saved', async () => {
    const failures: string[] = [];
    const path = join(folder(), 'a.jsonl');
    const recorder = await SessionRecorder.create(path, undefined, 500);
    recorder.onFailed(({ code }) => failures.push(code));
    for (let at = 0; at < 20; at++) recorder.record(note(at, 'a line of the log'));
    expect(failures).toEqual(['board.log-full']);
    await recorder.flush();
    expect(recorder.bytes).toBeLessThanOrEqual(500);
    await recorder.close();
    expect((await all(readSession(path))).length).toBeGreaterThan(3);
  });

  test.skipIf(!existsSync('/dev/full'))(
    'that cannot be written reports it once, and lets the board go on',
    async () => {
      const failures: string[] = [];
      const recorder = await SessionRecorder.create('/dev/full');
      recorder.onFailed(({ code }) => failures.push(code));
      await expect(recorder.flush()).rejects.toMatchObject({ code: 'disk.full' });
      recorder.record(note(1, 'more'));
      await expect(recorder.flush()).rejects.toMatchObject({ code: 'disk.full' });
      expect(failures).toEqual(['disk.full']);
      await recorder.close();
      await expect(SessionRecorder.create(join(folder(), 'none', 'a'))).rejects.toMatchObject({
        code: 'run.unwritable',
      });
    },
  );

  test('a damaged one yields its readable part', async () => {
    const path = join(folder(), 'a.jsonl');
    const lines = ['', '{', 'null', '{"at":"x"}', '{"at":1}', '{"at":5,"note":"a"}', '{"at":6,"no'];
    writeFileSync(path, sessionHeader + lines.join('\n'));
    expect(await all(readSession(path))).toEqual([note(5, 'a')]);
  });

  test('other files are refused', async () => {
    const path = join(folder(), 'a.jsonl');
    await expect(all(readSession(path))).rejects.toMatchObject({ code: 'session.unreadable' });
    for (const content of ['', '{"a":1}\n', sessionHeader.slice(0, -5)]) {
      writeFileSync(path, content);
      await expect(all(readSession(path))).rejects.toMatchObject({ code: 'session.invalid' });
    }
  });
});

describe('a replay', () => {
  async function* entries(): AsyncGenerator<SessionEntry> {
    yield* session;
  }

  test('keeps the time between the entries', async () => {
    let now = 50;
    const clock = { now: () => now, sleep: async (wait: number) => void (now += wait) };
    const times: number[] = [];
    for await (const entry of replay(entries(), { clock })) times.push(now + 950 - entry.at);
    expect(times).toEqual(session.map(() => 0));
  });

  test('is as fast as its reader on request', async () => {
    const clock = { now: () => 0, sleep: () => Promise.reject(new Error('slept')) };
    expect(await all(replay(entries(), { clock, fast: true }))).toEqual(session);
  });

  test('can be stopped', async () => {
    const stop = new AbortController();
    const seen: SessionEntry[] = [];
    const replaying = (async () => {
      for await (const entry of replay(entries(), { signal: stop.signal })) {
        seen.push(entry);
        if (entry.at === 1020) stop.abort();
      }
    })();
    await expect(replaying).rejects.toThrow();
    expect(seen).toHaveLength(3);
  });

  test('reports the same items as the monitor', async () => {
    const items: MonitorItem[] = [];
    await replayItems(entries(), (item) => void items.push(item));
    expect(items).toEqual([
      { at: 1000, kind: 'note', text: 'Connected to port A.' },
      { at: 1010, kind: 'sent', line: 'stop' },
      { at: 1010, kind: 'sent', line: 'info' },
      { at: 1020, kind: 'record', record: { record: 'ready' } },
      { at: 1900, kind: 'text', text: '\ufffd\0\ufffd' },
      { at: 2000, kind: 'text', text: 'Größe 😀 \u2028 "quoted"\r\n' },
    ]);
  });
});
