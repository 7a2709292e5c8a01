import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type {
  FromMonitor,
  MonitorConnection,
  MonitorItem,
  ToMonitor,
} from '../../../src/core/wire/monitor-messages';
import type { ModelConfig } from '../../../src/core/model/config';
import { withDefaults } from '../../../src/core/model/defaults';
import { findPreset } from '../../../src/core/model/presets';
import type { FoundBoard } from '../../../src/node/board/find/found-board';
import { virtualPico } from '../../../src/node/board/find/found-board';
import { BoardLink } from '../../../src/node/board/link/board-link';
import { Listeners } from '../../../src/node/board/listeners';
import { formatEntry, sessionHeader } from '../../../src/node/board/monitor/recorded-session';
import { TokenMonitor, type MonitorBoards } from '../../../src/extension/monitor/token-monitor';
import { done, hello, ready, token } from '../board/fake-board';
import { FakeTransport } from '../board/fake-transport';

/** Boards that a test plugs in, each with a port that answers as the firmware does. */
class FakeBoards implements MonitorBoards {
  readonly ports = new Map<string, FakeTransport>();
  readonly watcher = { onChange: () => () => undefined };
  chosenId = 'E660';
  readonly all: FoundBoard[] = [
    virtualPico,
    { kind: 'serial', id: 'E660', label: 'Pico E660', port: 'COM3' },
    { kind: 'probe', id: 'E661', label: 'Debug probe', port: 'COM4' },
  ];
  private readonly links = new Map<string, BoardLink>();
  private readonly choices = new Listeners<string>();

  get chosenLabel(): string {
    return this.find(this.chosenId)?.label ?? this.chosenId;
  }

  find(id: string): FoundBoard | undefined {
    return this.all.find((board) => board.id === id);
  }

  async choose(id: string): Promise<void> {
    if (id === this.chosenId) return;
    this.chosenId = id;
    this.choices.emit(id);
  }

  onChoice(listener: (id: string) => void) {
    return this.choices.add(listener);
  }

  link(id: string): BoardLink {
    const known = this.links.get(id);
    if (known) return known;
    const link = new BoardLink({
      name: id,
      find: async () => this.ports.get(id),
      backOff: { searching: [1], failed: [1] },
    });
    this.links.set(id, link);
    return link;
  }

  async setBaudRate(id: string, baudRate: number): Promise<void> {
    await this.link(id).setBaudRate(baudRate);
  }

  plugIn(id: string): FakeTransport {
    const port = new FakeTransport(`port of ${id}`, (text, self) => {
      if (text.includes('info\n')) self.say(hello, ready);
      if (text.startsWith('generate')) self.say(token(0), token(1));
      if (text === 'stop\n') self.say(done(2, 'stopped'), ready);
    });
    this.ports.set(id, port);
    return port;
  }

  unplug(id: string): void {
    const port = this.ports.get(id);
    this.ports.delete(id);
    port?.unplug();
  }
}

/** A monitor whose view draws at once. */
function monitor(connects = true) {
  const folder = mkdtempSync(join(tmpdir(), 'starmind-monitor-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const boards = new FakeBoards();
  const items: MonitorItem[] = [];
  const messages: ToMonitor[] = [];
  const kept: { connected?: boolean } = {};
  const flashed: (string | undefined)[] = [];
  const chosen: { log?: string; recording?: string; image?: () => Uint8Array } = {};
  /** Models of the workspace's runs by the digest of their image, and the digests asked for. */
  const models = new Map<string, ModelConfig>();
  const wanted: string[] = [];
  let connection: MonitorConnection | undefined;
  const recordings = join(folder, 'sessions');
  const it = new TokenMonitor(
    {
      post: (message) => {
        messages.push(message);
        if (message.kind === 'connection') connection = message.connection;
        if (message.kind !== 'items') return;
        items.push(...message.items);
        void it.receive({ kind: 'drawn', sequence: message.sequence });
      },
      findImage: async () => chosen.image?.(),
      findConfig: async (hash) => {
        wanted.push(hash);
        return models.get(hash);
      },
      chooseLog: () => Promise.resolve(chosen.log),
      chooseRecording: async () =>
        chosen.recording === undefined ? undefined : { path: chosen.recording, fast: false },
      tellSaved: () => undefined,
      flash: async (board) => void flashed.push(board?.id),
      connects,
      keepConnected: (connected) => (kept.connected = connected),
      keep: () => undefined,
    },
    boards,
    recordings,
  );
  onTestFinished(() => it.dispose());
  const until = (what: () => unknown) => expect.poll(what, { interval: 5 });
  return {
    ...{ models, wanted },
    ...{ it, flashed, boards, items, messages, chosen, kept, folder, recordings, until },
    status: () => connection?.status,
    connection: () => connection,
    failures: () =>
      messages.flatMap((message) => (message.kind === 'failed' ? [message.message] : [])),
    texts: () => items.flatMap((item) => ('text' in item ? [item.text] : [])).join(''),
  };
}

const prompt = (number: number): FromMonitor & { kind: 'prompt' } => ({
  kind: 'prompt',
  number,
  request: { prompt: 'Once' },
  compare: false,
});

describe('the token monitor', () => {
  test('connects to the chosen board, and shows its traffic', async () => {
    const { it, boards, items, messages, until, status, connection } = monitor();
    const port = boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    port.say(hello, ready);
    await it.receive({ kind: 'send', text: 'hi', ending: 'crlf' });
    await until(() => items.map(({ kind }) => kind)).toEqual(['note', 'record', 'record', 'sent']);
    expect(port.written).toEqual(['hi\r\n']);
    expect(connection()).toMatchObject({ board: { id: 'E660' }, hello, baudRate: 115200 });
    const listed = messages.find(({ kind }) => kind === 'boards');
    // A debug probe may carry a UART.
    expect(listed).toMatchObject({
      boards: [{ id: 'virtual' }, { id: 'E660' }, { id: 'E661', kind: 'port' }],
    });
  });

  test('tells the model of the board where a run of the workspace has it', async () => {
    const { it, boards, models, wanted, until, status, connection } = monitor();
    const port = boards.plugIn('E660');
    const config = withDefaults(findPreset('demo')!.file, 'demo');
    models.set('aaaa', config);
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    port.say({ ...hello, model: 'aaaa' }, ready);
    await until(() => connection()?.config).toEqual(config);
    // Flashed meanwhile.
    port.say({ ...hello, model: 'bbbb' }, ready);
    await until(() => connection()?.hello?.model).toBe('bbbb');
    expect(connection()).not.toHaveProperty('config');
    await until(() => wanted).toEqual(['aaaa', 'bbbb']);
  });

  test('waits for a board that does not greet until the user stops it', async () => {
    const { it, boards, items, until, status, failures } = monitor();
    const port = new FakeTransport('port of E660', () => undefined);
    boards.ports.set('E660', port);
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    const speaking = it.receive(prompt(1));
    await until(() => port.written).toContain('info\n');
    await it.receive(prompt(2));
    expect(failures()).toEqual([expect.stringContaining('speaking already')]);
    await it.receive({ kind: 'stop' });
    await speaking;
    const ended = () => items.flatMap((item) => (item.kind === 'ended' ? [item.prompt] : []));
    await until(ended).toEqual([2, 1]);
    expect(failures()).toHaveLength(1);
    expect(port.written.join('')).not.toContain('generate');
  });

  test('reports why it does not compare, whatever the error', async () => {
    const { it, boards, chosen, messages, until, status } = monitor();
    const port = boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    port.say({ ...hello, model: '3f9a1c77d0e4b2aa' }, ready);
    chosen.image = () => {
      throw new Error('ENOENT: it was deleted');
    };
    const speaking = it.receive({ ...prompt(7), compare: true });
    const none = { kind: 'noHost', prompt: 7, why: 'ENOENT: it was deleted' };
    await until(() => messages).toContainEqual(none);
    await until(() => port.written.join('')).toContain('generate');
    await it.receive({ kind: 'stop' });
    await speaking;
  });

  test('starts and stops a generation', async () => {
    const { it, boards, items, until, status } = monitor();
    const port = boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    const speaking = it.receive({
      kind: 'prompt',
      number: 1,
      request: { prompt: 'Once' },
      compare: false,
    });
    await until(() => port.written).toContain('generate seed=1 rank=1 prompt=Once\n');
    await it.receive({ kind: 'stop' });
    await speaking;
    await until(() =>
      items.flatMap((item) => (item.kind === 'record' ? [item.record.record] : [])),
    ).toEqual(['done', 'ready', 'hello', 'ready', 'token', 'token', 'done', 'ready']);
  });

  test('reports why there is no comparison', async () => {
    const { it, boards, messages, until, status } = monitor();
    boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    const speaking = it.receive({
      kind: 'prompt',
      number: 1,
      request: { prompt: '' },
      compare: true,
    });
    await until(() => messages.some(({ kind }) => kind === 'noHost')).toBe(true);
    await it.receive({ kind: 'stop' });
    await speaking;
  });

  test('asks the virtual Pico for its hello, since that does not notice a connection', async () => {
    const { it, boards, until, connection } = monitor();
    const port = boards.plugIn('virtual');
    await it.receive({ kind: 'choose', board: 'virtual' });
    await until(() => connection()?.hello).toEqual(hello);
    expect(port.written).toEqual(['\ninfo\n']);
  });

  test('waits for a board that is unplugged, and reports requests that fail meanwhile', async () => {
    const { it, boards, until, status, connection, failures } = monitor();
    boards.plugIn('E660').say(hello);
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    boards.unplug('E660');
    await until(status).toBe('searching');
    expect(connection()?.hello).toBeUndefined();
    await it.receive({ kind: 'send', text: 'hi', ending: 'lf' });
    await it.receive({ kind: 'prompt', number: 1, request: { prompt: '' }, compare: false });
    expect(failures()).toEqual(
      Array(2).fill('E660 is not connected. Plug it in; it is found by itself.'),
    );
    boards.plugIn('E660');
    await until(status).toBe('connected');
  });

  test('does not connect again in a new window after the user has disconnected', async () => {
    const { it, boards, kept, until, status } = monitor(false);
    const port = boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    expect(status()).toBe('none');
    expect(port.isOpen).toBe(false);
    await it.receive({ kind: 'choose', board: 'E660' });
    await until(status).toBe('connected');
    expect(kept.connected).toBe(true);
    await it.receive({ kind: 'disconnect' });
    expect(kept.connected).toBe(false);
  });

  test('does not connect again in a reloaded page after the user has disconnected', async () => {
    const { it, boards, until, status } = monitor();
    const port = boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    await it.receive({ kind: 'disconnect' });
    await it.receive({ kind: 'ready' });
    expect([status(), port.isOpen]).toEqual(['none', false]);
    // Chosen elsewhere, for example to be flashed.
    const other = boards.plugIn('virtual');
    await boards.choose('virtual');
    await until(() => status()).toBe('none');
    expect(other.isOpen).toBe(false);
  });

  test('stops a generation of another client, and one that did not stop before', async () => {
    const { it, boards, until, status } = monitor();
    const port = boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    await it.receive({ kind: 'send', text: 'generate prompt=Once', ending: 'lf' });
    const stops = () => port.written.join('').split('stop\n').length - 1;
    await it.receive({ kind: 'stop' });
    await it.receive({ kind: 'stop' });
    expect(stops()).toBe(2);
  });

  test('flashes a model onto the chosen board', async () => {
    const { it, flashed } = monitor();
    await it.receive({ kind: 'flash' });
    expect(flashed).toEqual(['E660']);
  });

  test('keeps a board chosen that is not plugged in', async () => {
    const { it, boards, until, connection } = monitor();
    boards.chosenId = 'E669';
    await it.receive({ kind: 'ready' });
    await until(() => connection()).toMatchObject({ status: 'searching', board: { id: 'E669' } });
  });

  test('disconnects from a board, and connects again', async () => {
    const { it, boards, until, status } = monitor();
    const port = boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    await it.receive({ kind: 'disconnect' });
    expect([status(), port.isOpen]).toEqual(['none', false]);
    boards.plugIn('E660');
    await it.receive({ kind: 'choose', board: 'E660' });
    await until(status).toBe('connected');
  });

  test('connects to the last of several boards that the user chooses quickly', async () => {
    const { it, boards, until, connection } = monitor();
    const first = boards.plugIn('E660');
    boards.plugIn('virtual');
    void it.receive({ kind: 'choose', board: 'E660' });
    await it.receive({ kind: 'choose', board: 'virtual' });
    await until(() => connection()?.hello).toEqual(hello);
    expect(connection()).toMatchObject({ status: 'connected', board: { id: 'virtual' } });
    expect(first.isOpen).toBe(false);
  });

  test("saves the board's output, also after the user has disconnected", async () => {
    const { it, boards, until, status, chosen, folder, texts, failures } = monitor();
    await it.receive({ kind: 'saveLog' });
    expect(failures()).toEqual(['There is no log to save. Connect to a board first.']);
    const port = boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    port.send(Uint8Array.of(0x41, 0xff, 0x0a));
    await until(texts).toContain('A\ufffd');
    await it.receive({ kind: 'disconnect' });
    chosen.log = join(folder, 'saved.log');
    await it.receive({ kind: 'saveLog' });
    expect([...readFileSync(chosen.log)]).toEqual([0x41, 0xff, 0x0a]);
    chosen.log = join(folder, 'none', 'saved.log');
    await it.receive({ kind: 'saveLog' });
    expect(failures()[1]).toContain('cannot be written');
  });

  test('replays a recorded session', async () => {
    const { it, boards, messages, until, status, chosen, folder, texts, failures, connection } =
      monitor();
    const port = boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    chosen.recording = join(folder, 'a.jsonl');
    await it.receive({ kind: 'replay' });
    expect(failures()[0]).toContain('a.jsonl');
    const at = 1_000_000;
    writeFileSync(
      chosen.recording,
      sessionHeader +
        formatEntry({ at, kind: 'note', text: 'before ' }) +
        formatEntry({ at: at + 1, kind: 'data', bytes: Buffer.from('said') }),
    );
    await it.receive({ kind: 'replay' });
    expect(port.isOpen).toBe(false);
    await until(texts).toContain('Recorded session a.jsonlbefore said');
    expect(connection()).toMatchObject({ status: 'none', board: { id: 'E660' } });
    chosen.log = join(folder, 'saved.log');
    await it.receive({ kind: 'saveLog' });
    expect(readFileSync(chosen.log, 'utf8')).toBe('said');
    const states = messages.flatMap((message) =>
      message.kind === 'connection' ? [message.connection.status] : [],
    );
    expect(states).toContain('replaying');
    expect(status()).toBe('none');
  });

  test('keeps few recordings', async () => {
    const { it, boards, until, status, recordings } = monitor();
    mkdirSync(recordings);
    const old = Array.from(
      { length: 30 },
      (_, day) => `2025-01-${String(day + 1).padStart(2, '0')}`,
    );
    for (const name of old) writeFileSync(join(recordings, `${name}.jsonl`), '');
    boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    const names = readdirSync(recordings).sort();
    expect(names).toHaveLength(10);
    expect(names[0]).toBe('2025-01-22.jsonl');
  });

  test('connects without a log where no file can be written', async () => {
    const { it, boards, until, status, failures, recordings } = monitor();
    writeFileSync(recordings, 'a file in the way');
    expect(existsSync(recordings)).toBe(true);
    boards.plugIn('E660');
    await it.receive({ kind: 'ready' });
    await until(status).toBe('connected');
    expect(failures()).toHaveLength(1);
  });
});
