import { describe, expect, test } from 'vitest';
import { BoardLink, type LinkState } from '../../../src/node/board/link/board-link';
import type { Transport } from '../../../src/node/board/link/transport';
import { Listeners } from '../../../src/node/board/listeners';
import { generate, waitForHello } from '../../../src/node/board/session';
import { exitCodes, StarmindError } from '../../../src/node/errors';
import { done, hello, ready, token } from './fake-board';

const encoded = (...records: readonly object[]): Uint8Array =>
  Buffer.from(records.map((record) => `\x1e${JSON.stringify(record)}\n`).join(''));

/** A port whose board a test plays. */
class FakeTransport implements Transport {
  readonly data = new Listeners<Uint8Array>();
  readonly closings = new Listeners<StarmindError | undefined>();
  readonly written: string[] = [];
  isOpen = false;
  baudRates: number[] = [];

  constructor(
    readonly name: string,
    private readonly answer: (line: string, port: FakeTransport) => void = () => undefined,
    private readonly failure?: StarmindError,
  ) {}

  open(): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.isOpen = true;
    return Promise.resolve();
  }

  write(bytes: Uint8Array): boolean {
    for (const line of Buffer.from(bytes).toString().split('\n').slice(0, -1)) {
      this.written.push(line);
      this.answer(line, this);
    }
    return true;
  }

  onData(listener: (bytes: Uint8Array) => void) {
    return this.data.add(listener);
  }

  onClosed(listener: (reason: StarmindError | undefined) => void) {
    return this.closings.add(listener);
  }

  setBaudRate(baudRate: number): Promise<void> {
    this.baudRates.push(baudRate);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.unplug();
    return Promise.resolve();
  }

  unplug(reason?: StarmindError): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.closings.emit(reason);
  }
}

const unplugged = new StarmindError('board.unplugged', exitCodes.board, 'gone', 'plug it in');
const busy = new StarmindError('board.busy', exitCodes.board, 'busy', 'close the other');

/** Time passes only when somebody sleeps, and then at once. */
const clock = { now: () => 0, sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };

function linkTo(find: () => Transport | undefined): { link: BoardLink; states: LinkState[] } {
  const link = new BoardLink({ find: () => Promise.resolve(find()), clock });
  const states: LinkState[] = [];
  link.onState((state) => states.push(state));
  return { link, states };
}

const isConnected = (link: BoardLink) =>
  expect.poll(() => link.state.status, { interval: 1 }).toBe('connected');

/** What our firmware answers. */
function firmware(line: string, port: FakeTransport): void {
  if (line === 'info') port.data.emit(encoded(hello, ready));
  if (line.startsWith('generate')) {
    port.data.emit(encoded(token(0)));
    setImmediate(() => port.data.emit(encoded(token(1), done(2, 'token-limit'), ready)));
  }
}

describe('the link to a board', () => {
  test('finds it again under another name, and everybody hears on', async () => {
    let port: FakeTransport | undefined = new FakeTransport('ttyACM0');
    const { link, states } = linkTo(() => port);
    let heard = '';
    link.onText((text) => (heard += text));
    link.connect();
    await isConnected(link);
    port.data.emit(Buffer.from('one '));
    const old = port;
    port = undefined;
    old.unplug(unplugged);
    await expect.poll(() => link.state.status).toBe('searching');
    port = new FakeTransport('ttyACM3');
    await isConnected(link);
    port.data.emit(Buffer.from('two'));
    expect(heard).toBe('one two');
    expect(states.map((state) => ('name' in state ? state.name : state.status))).toEqual([
      'ttyACM0',
      'searching',
      'ttyACM3',
    ]);
    await link.disconnect();
    expect(port.isOpen).toBe(false);
    expect(link.state.status).toBe('closed');
  });

  test('comes back after a thousand times unplugged', async () => {
    let port: FakeTransport | undefined;
    let plugged = 0;
    const { link } = linkTo(() => port);
    let bytes = 0;
    link.onData((data) => (bytes += data.length));
    link.connect();
    for (; plugged < 1000; plugged++) {
      const next = new FakeTransport(`port ${plugged}`);
      port = next;
      await expect.poll(() => next.isOpen, { interval: 0 }).toBe(true);
      await isConnected(link);
      next.data.emit(Uint8Array.of(1, 2, 3));
      port = undefined;
      next.unplug(unplugged);
    }
    expect(bytes).toBe(3000);
    await link.disconnect();
  });

  test('a port that another program holds is tried again', async () => {
    const ports = [new FakeTransport('p', undefined, busy), new FakeTransport('p')];
    const { link, states } = linkTo(() => (ports.length > 1 ? ports.shift() : ports[0]));
    link.connect();
    await isConnected(link);
    expect(states[0]).toEqual({ status: 'failed', error: busy });
    await link.disconnect();
  });

  test('is lent: nobody has the port meanwhile, and then it is back', async () => {
    const opened: FakeTransport[] = [];
    const { link, states } = linkTo(() => {
      const port = new FakeTransport(`port ${opened.length}`);
      opened.push(port);
      return port;
    });
    link.connect();
    await isConnected(link);
    const answer = await link.lend('flashing', () => {
      expect(opened.map(({ isOpen }) => isOpen)).toEqual([false]);
      expect(link.state).toEqual({ status: 'lent', to: 'flashing' });
      return Promise.resolve(42);
    });
    expect(answer).toBe(42);
    await isConnected(link);
    const failing = link.lend('flashing', () => Promise.reject(unplugged));
    await expect(failing).rejects.toBe(unplugged);
    await isConnected(link);
    expect(states.filter(({ status }) => status === 'lent')).toHaveLength(2);
    await link.disconnect();
    await link.lend('flashing', () => Promise.resolve());
    expect(link.state.status).toBe('closed');
  });

  test('conversations take turns, and others hear them', async () => {
    const port = new FakeTransport('port', firmware);
    const { link } = linkTo(() => port);
    const heard: string[] = [];
    link.onRecord(({ record }) => heard.push(record));
    link.connect();
    await isConnected(link);
    const order: string[] = [];
    const speak = (name: string) =>
      link.converse(async (board) => {
        order.push(`${name} begins`);
        await waitForHello(board);
        const { tokens } = await generate(board, { prompt: name }, () => undefined);
        order.push(`${name} ends`);
        return tokens;
      });
    expect(await Promise.all([speak('a'), speak('b')])).toEqual([2, 2]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(heard.filter((record) => record === 'token')).toHaveLength(4);
    await link.disconnect();
  });

  test('a conversation ends with its connection, and the next one works', async () => {
    let port = new FakeTransport('port', (line, self) => {
      if (line.startsWith('generate')) setImmediate(() => self.unplug(unplugged));
    });
    const { link } = linkTo(() => port);
    link.connect();
    await isConnected(link);
    const first = link.converse((board) => generate(board, { prompt: '' }, () => undefined));
    port = new FakeTransport('port', firmware);
    await expect(first).rejects.toBe(unplugged);
    await isConnected(link);
    const second = link.converse((board) => generate(board, { prompt: '' }, () => undefined));
    expect((await second).tokens).toBe(2);
    await link.disconnect();
    await expect(link.converse(() => Promise.resolve())).rejects.toMatchObject({
      code: 'board.closed',
    });
  });

  test('the baud rate is that of the port and of those after it', async () => {
    const port = new FakeTransport('port');
    const { link } = linkTo(() => port);
    link.connect();
    await isConnected(link);
    await link.setBaudRate(9600);
    expect([port.baudRates, link.baudRate]).toEqual([[9600], 9600]);
    await link.disconnect();
  });
});
