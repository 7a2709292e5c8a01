import { describe, expect, onTestFinished, test } from 'vitest';
import type { DeviceRecord } from '../../../src/core/wire/device-records';
import type { Clock } from '../../../src/node/clock';
import { portFailed } from '../../../src/node/board/board-errors';
import { BoardLink, type LinkOptions } from '../../../src/node/board/link/board-link';
import type { LinkState } from '../../../src/node/board/link/link-state';
import type { FindTransport } from '../../../src/node/board/link/transport';
import { generate, waitForHello } from '../../../src/node/board/session';
import { done, hello, ready, token } from './fake-board';
import { FakeTransport } from './fake-transport';

const soon = { searching: [1], failed: [1] };

/** A board that answers as the firmware does; it generates until it receives stop. */
function pico(name = 'port A'): FakeTransport {
  return new FakeTransport(name, (text, self) => {
    if (text === 'info\n') self.say(hello, ready);
    if (text.startsWith('generate')) self.say(token(0), token(1));
    if (text === 'stop\n') self.say(done(2, 'stopped'), ready);
  });
}

function linkTo(find: FindTransport, options: Partial<LinkOptions> = {}): BoardLink {
  const link = new BoardLink({ name: 'the board', find, backOff: soon, ...options });
  onTestFinished(() => link.disconnect());
  return link;
}

/** Resolves with the next state of this kind. */
function reaching(link: BoardLink, status: LinkState['status']): Promise<LinkState> {
  return new Promise((resolve) => {
    const end = link.onState((state) => {
      if (state.status !== status) return;
      end();
      resolve(state);
    });
  });
}

async function connected(transport = pico(), options?: Partial<LinkOptions>) {
  const transports = [transport];
  const link = linkTo(async () => transports.shift(), options);
  const reached = reaching(link, 'connected');
  link.connect();
  await reached;
  return { link, transport, transports };
}

describe('a link', () => {
  test('reports bytes, records and text of the board, and written bytes', async () => {
    const { link, transport } = await connected();
    const heard: unknown[] = [];
    link.onData((bytes) => heard.push(bytes.length));
    link.onRecord(({ record }) => heard.push(record));
    link.onText((text) => heard.push(text));
    link.onSent((bytes) => heard.push(Buffer.from(bytes).toString()));
    transport.send('boot\n\x1e{"record":"ready"}\n');
    expect(link.write(Buffer.from('hi\n'))).toBe(true);
    expect(heard).toEqual([25, 'boot\n', 'ready', 'hi\n']);
  });

  test("keeps the board's hello, as long as the board is there", async () => {
    const { link, transport } = await connected();
    expect(link.hello).toBeUndefined();
    transport.say(hello, ready);
    expect(link.hello).toEqual(hello);
    const searching = reaching(link, 'searching');
    transport.unplug();
    await searching;
    expect(link.hello).toBeUndefined();
  });

  test('finds a lost board again, under another name', async () => {
    const { link, transport, transports } = await connected();
    const searching = reaching(link, 'searching');
    transport.send('\x1e{"record":"tok');
    const texts: string[] = [];
    link.onText((text) => texts.push(text));
    transport.unplug();
    expect(await searching).toMatchObject({ lost: { code: 'board.unplugged' } });
    // The incomplete record is kept as text, and the next connection does not continue it.
    expect(texts).toEqual(['{"record":"tok']);
    const again = reaching(link, 'connected');
    transports.push(pico('port B'));
    expect(await again).toEqual({ status: 'connected', name: 'port B' });
  });

  test('reports that another program has the port, and tries again', async () => {
    const failures = 3;
    let looks = 0;
    const busy = (): FakeTransport => {
      const transport = pico();
      transport.open = () => Promise.reject(portFailed('port A', new Error('Cannot lock port')));
      return transport;
    };
    const link = linkTo(async () => (++looks <= failures ? busy() : pico()));
    const states: string[] = [];
    link.onState((state) =>
      states.push(state.status === 'failed' ? state.error.code : state.status),
    );
    const reached = reaching(link, 'connected');
    link.connect();
    await reached;
    expect(looks).toBe(failures + 1);
    expect(states).toEqual(['board.busy', 'connected']);
  });

  test('waits longer the longer it looks in vain', async () => {
    const waits: number[] = [];
    const enough = 6;
    let last = (): void => undefined;
    const lasted = new Promise<void>((resolve) => (last = resolve));
    const clock: Clock = {
      now: () => 0,
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
        if (waits.length === enough) last();
        if (waits.length >= enough) await new Promise(() => undefined);
      },
    };
    const link = new BoardLink({ name: 'the board', find: async () => undefined, clock });
    link.connect();
    await lasted;
    expect(waits).toEqual([100, 200, 500, 1000, 1000, 1000]);
  });

  test('a port that disappears while it opens is absent, which is no failure', async () => {
    const transport = pico();
    transport.open = () => Promise.reject(portFailed('port A', new Error('No such file')));
    const transports = [transport, pico()];
    const link = linkTo(async () => transports.shift());
    const states: string[] = [];
    link.onState(({ status }) => states.push(status));
    const reached = reaching(link, 'connected');
    link.connect();
    await reached;
    expect(states).toEqual(['searching', 'connected']);
  });

  test('closes the port when it is disconnected, and connects again', async () => {
    const { link, transport, transports } = await connected();
    await link.disconnect();
    expect(transport.isOpen).toBe(false);
    expect(link.state).toEqual({ status: 'closed' });
    expect(link.write(Buffer.from('hi'))).toBe(false);
    transports.push(pico());
    const again = reaching(link, 'connected');
    link.connect();
    await again;
  });

  test('has a bounded queue for a board that reads nothing', async () => {
    const { link, transport } = await connected();
    transport.room = 2;
    expect(link.write(Buffer.from('ab'))).toBe(true);
    expect(link.write(Buffer.from('c'))).toBe(false);
    expect(transport.written).toEqual(['ab']);
  });

  test('holds the board back while a listener cannot keep up, also over a new connection', async () => {
    const { link, transport, transports } = await connected();
    const [first, second] = [link.hold(), link.hold()];
    first();
    first();
    expect(transport.held).toBe(true);
    transport.unplug();
    const again = pico();
    const reached = reaching(link, 'connected');
    transports.push(again);
    await reached;
    expect(again.held).toBe(true);
    second();
    expect(again.held).toBe(false);
  });

  test('keeps the baud rate for the next connection', async () => {
    const rates: number[] = [];
    const transports = [pico(), pico()];
    const link = linkTo(async (baudRate) => (rates.push(baudRate), transports[0]));
    const reached = reaching(link, 'connected');
    link.connect();
    await reached;
    await link.setBaudRate(9600);
    const again = reaching(link, 'connected');
    transports.shift()?.unplug();
    await again;
    expect([link.baudRate, rates[0], rates.at(-1)]).toEqual([9600, 115200, 9600]);
  });
});

describe('conversations', () => {
  test('run one after the other, and every listener gets their records', async () => {
    const { link, transport } = await connected();
    const records: DeviceRecord['record'][] = [];
    link.onRecord(({ record }) => records.push(record));
    const order: string[] = [];
    const first = link.converse(async (board) => {
      await waitForHello(board);
      order.push('first');
    });
    const second = link.converse(async (board) => {
      const summary = generate(board, { prompt: 'Hi' }, () => undefined);
      transport.say(done(2, 'token-limit'), ready);
      order.push('second');
      return summary;
    });
    await first;
    expect(await second).toMatchObject({ reason: 'token-limit' });
    expect(order).toEqual(['first', 'second']);
    expect(records).toEqual(['done', 'ready', 'hello', 'ready', 'token', 'token', 'done', 'ready']);
  });

  test('a failed one does not keep others from their turns', async () => {
    const { link } = await connected();
    const failing = link.converse(() => Promise.reject(new Error('mine')));
    const next = link.converse(() => Promise.resolve(5));
    await expect(failing).rejects.toThrow('mine');
    expect(await next).toBe(5);
  });

  test('end with the reason when the board is unplugged in the middle', async () => {
    const { link, transport } = await connected();
    const speaking = link.converse((board) =>
      generate(board, { prompt: '' }, ({ index }) => {
        if (index === 1) transport.unplug();
      }),
    );
    await expect(speaking).rejects.toMatchObject({ code: 'board.unplugged', exitCode: 4 });
  });

  test('are refused while the board is away', async () => {
    const link = linkTo(async () => undefined);
    await expect(link.converse((board) => waitForHello(board))).rejects.toMatchObject({
      code: 'board.away',
    });
  });
});

describe('lending', () => {
  test('closes the port, and opens it afterwards', async () => {
    const { link, transport, transports } = await connected();
    const again = reaching(link, 'connected');
    const result = await link.lend('flashing', async () => {
      expect(transport.isOpen).toBe(false);
      expect(link.state).toEqual({ status: 'lent', to: 'flashing' });
      transports.push(pico('port B'));
      return 7;
    });
    expect(result).toBe(7);
    expect(await again).toMatchObject({ name: 'port B' });
  });

  test('asks a conversation to end, and drops those that wait', async () => {
    const { link } = await connected();
    const speaking = link.converse((board, signal) =>
      generate(board, { prompt: '' }, () => undefined, signal),
    );
    const waiting = link.converse((board) => waitForHello(board));
    // The generation has begun.
    await new Promise((resolve) => setTimeout(resolve));
    const lent = link.lend('flashing', () => Promise.resolve());
    expect(await speaking).toMatchObject({ reason: 'stopped' });
    await expect(waiting).rejects.toMatchObject({ code: 'board.lent' });
    await lent;
  });

  test('cuts off a conversation that does not end', async () => {
    const { link, transport } = await connected(new FakeTransport('mute'), {
      clock: {
        now: () => 0,
        sleep: (milliseconds, signal) =>
          new Promise((resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new Error('ended')));
            setTimeout(resolve, Math.min(milliseconds, 5));
          }),
      },
    });
    const speaking = link.converse((board, signal) =>
      generate(board, { prompt: '' }, () => undefined, signal),
    );
    await new Promise((resolve) => setTimeout(resolve));
    const lent = link.lend('flashing', async () => transport.isOpen);
    await expect(speaking).rejects.toMatchObject({ code: 'board.closed' });
    expect(await lent).toBe(false);
  });

  test('leaves a closed link closed, and returns the port after a failure', async () => {
    const link = linkTo(async () => pico());
    const failing = link.lend('flashing', () => Promise.reject(new Error('no drive')));
    await expect(failing).rejects.toThrow('no drive');
    expect(link.state).toEqual({ status: 'closed' });
    const reached = reaching(link, 'connected');
    await link.lend('flashing', async () => {
      link.connect();
      expect(link.state.status).toBe('lent');
    });
    await reached;
    await link.lend('flashing', () => link.disconnect());
    expect(link.state).toEqual({ status: 'closed' });
  });
});

test('1,000 times unplugged and plugged in again, each time under another name', async () => {
  const cycles = 1000;
  let plugged: FakeTransport | undefined = pico('port 0');
  const link = linkTo(async () => plugged, { backOff: { searching: [0], failed: [0] } });
  let bytes = 0;
  link.onData(({ length }) => (bytes += length));
  for (let cycle = 0; cycle < cycles; cycle++) {
    const reached = reaching(link, 'connected');
    plugged = pico(`port ${cycle}`);
    if (cycle === 0) link.connect();
    expect(await reached).toEqual({ status: 'connected', name: `port ${cycle}` });
    expect(await link.converse((board) => waitForHello(board))).toMatchObject({ board: 'pico' });
    const lost = reaching(link, 'searching');
    const last: FakeTransport = plugged;
    plugged = undefined;
    last.unplug();
    await lost;
  }
  expect(bytes).toBe(cycles * answerBytes);
});

/** Bytes of `pico`'s answer to a greeting. */
const answerBytes = [done(2, 'stopped'), ready, hello, ready]
  .map((record) => JSON.stringify(record).length + 2)
  .reduce((sum, bytes) => sum + bytes);
