import { createHash, randomBytes, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BoardLink } from '../../src/node/board/link/board-link';
import { findPort } from '../../src/node/board/link/find-port';
import type { LinkState } from '../../src/node/board/link/link-state';
import { SerialTransport } from '../../src/node/board/link/serial-transport';
import { generate, waitForHello } from '../../src/node/board/session';
import { Flood } from '../support/flood';
import { portName, PtyBoard, whyNoPty } from '../support/pty';
import { done, hello, ready, token } from '../unit/board/fake-board';

if (whyNoPty) console.log(`Skipped the links over pseudo-terminals: ${whyNoPty}.`);

const minutes = (count: number): number => count * 60_000;
const megabyte = 1024 * 1024;

/** A link to the port of a test, which is in no list. */
function linkTo(port: string): BoardLink {
  const link = new BoardLink({
    name: 'the board',
    find: findPort(port, {
      list: () => Promise.resolve([]),
      listedName: (name) => Promise.resolve(name),
      open: (path, baudRate) => new SerialTransport(path, baudRate),
    }),
    patience: { greeting: 5000, answer: 500, stop: 200 },
    backOff: { searching: [2], failed: [2] },
  });
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

/** A board in its port, with a link to it. */
async function connected(answer?: (line: string, board: PtyBoard) => void) {
  const port = portName();
  const link = linkTo(port);
  const reached = reaching(link, 'connected');
  const board = await PtyBoard.plugIn(port, answer);
  onTestFinished(() => board.unplug());
  link.connect();
  await reached;
  return { port, link, board };
}

/** Generates as the firmware does, until it receives stop. */
function pico(line: string, board: PtyBoard): void {
  if (line === 'info') void board.say(hello, ready);
  if (line.startsWith('generate')) void board.say(token(0), token(1));
  if (line === 'stop') void board.say(done(2, 'stopped'), ready);
}

/** Waits for a step of a long test, and names the step that never came. */
function patience(where: () => string) {
  return async <Value>(step: string, value: Promise<Value>): Promise<Value> => {
    const end = new AbortController();
    const late = delay(minutes(0.5), undefined, { signal: end.signal }).then(() => {
      throw new Error(`Not ${step} in half a minute: ${where()}`);
    });
    late.catch(() => undefined);
    return Promise.race([value, late]).finally(() => end.abort());
  };
}

/** Resolves once this many bytes have arrived. */
function received(link: BoardLink, bytes: number): Promise<Hash> {
  const hash = createHash('sha256');
  let left = bytes;
  return new Promise((resolve) => {
    const end = link.onData((piece) => {
      hash.update(piece);
      left -= piece.length;
      if (left > 0) return;
      end();
      resolve(hash);
    });
  });
}

/** Terminals that this process has open, where the system lists them. */
function openTerminals(): string[] {
  const folder = '/proc/self/fd';
  if (!existsSync(folder)) return [];
  const targets = readdirSync(folder).map((descriptor) => {
    try {
      return readlinkSync(join(folder, descriptor));
    } catch {
      // The one by which the folder is read.
      return '';
    }
  });
  return targets.filter((target) => target.startsWith('/dev/pts/')).sort();
}

/** The terminals that are open, once those that earlier tests have pulled out are closed. */
async function terminalsAtRest(): Promise<string[]> {
  const pulledOut = () => openTerminals().filter((terminal) => terminal.endsWith('(deleted)'));
  await expect.poll(pulledOut).toEqual([]);
  return openTerminals();
}

describe.skipIf(whyNoPty)('a link over a pseudo-terminal', () => {
  test('holds a conversation with a board', async () => {
    const { link } = await connected(pico);
    const greeting = await link.converse((board) => waitForHello(board));
    expect(greeting).toMatchObject({ board: 'pico' });
    const stop = new AbortController();
    const summary = await link.converse(
      (board, signal) => generate(board, { prompt: 'Hi' }, () => stop.abort(), signal),
      stop.signal,
    );
    expect(summary).toMatchObject({ tokens: 2, reason: 'stopped' });
    await link.setBaudRate(9600);
    expect(await link.converse((board) => waitForHello(board))).toMatchObject({ board: 'pico' });
  });

  test(
    'finds the board again after each of 1,000 times that it was pulled out',
    { timeout: minutes(10) },
    async () => {
      const cycles = 1000;
      const terminals = await terminalsAtRest();
      const port = portName();
      const link = linkTo(port);
      const seen: unknown[] = [];
      link.onRecord((record) => seen.push(record.record === 'bench' && record.cycle));
      link.connect();
      for (let cycle = 0; cycle < cycles; cycle++) {
        const soon = patience(() => `cycle ${cycle}, ${JSON.stringify(link.state)}`);
        const reached = reaching(link, 'connected');
        const board = await soon('plugged in', PtyBoard.plugIn(port));
        await soon('connected', reached);
        const said = `\x1e${JSON.stringify({ record: 'bench', cycle })}\n\x1e{"half`;
        const heard = received(link, said.length);
        await board.send(said);
        await soon('heard', heard);
        const lost = reaching(link, 'searching');
        await soon('unplugged', board.unplug());
        expect(await soon('lost', lost)).toMatchObject({ lost: { code: 'board.unplugged' } });
      }
      expect(seen).toEqual(Array.from({ length: cycles }, (_, cycle) => cycle));
      await link.disconnect();
      expect(openTerminals()).toEqual(terminals);
    },
  );

  test('a port that is closed while it opens does not stay open', async () => {
    const port = portName();
    const board = await PtyBoard.plugIn(port);
    onTestFinished(() => board.unplug());
    const terminals = await terminalsAtRest();
    const transport = new SerialTransport(port);
    const opening = transport.open();
    await transport.close();
    await opening;
    expect(openTerminals()).toEqual(terminals);
    const again = new SerialTransport(port);
    await again.open();
    await again.close();
  });

  test('records arrive whole, however the bytes are split and merged', async () => {
    const { link, board } = await connected();
    const count = 300;
    const stream = Buffer.from(
      Array.from({ length: count }, (_, index) => `\x1e${JSON.stringify(token(index))}\n`).join(''),
    );
    const indices: number[] = [];
    link.onRecord((record) => {
      if (record.record === 'token') indices.push(record.index);
    });
    const all = received(link, stream.length);
    for (let at = 0, size = 1; at < stream.length; at += size, size = (size * 7) % 1009) {
      await board.send(stream.subarray(at, at + size));
    }
    await all;
    expect(indices).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  test('a board that stops in mid-record does not block the next conversation', async () => {
    const { port, link, board } = await connected();
    const silent = link.converse((other) => generate(other, { prompt: '' }, () => undefined));
    await board.hears('generate prompt=\n');
    await board.send('\x1e{"record":"tok');
    await expect(silent).rejects.toMatchObject({ code: 'board.silent' });
    const texts: string[] = [];
    link.onText((text) => texts.push(text));
    const again = reaching(link, 'connected');
    await board.unplug();
    const other = await PtyBoard.plugIn(port, pico);
    onTestFinished(() => other.unplug());
    await again;
    expect(texts).toEqual(['{"record":"tok']);
    expect(await link.converse((speaker) => waitForHello(speaker))).toMatchObject({
      board: 'pico',
    });
  });

  test('the queue for a board that reads nothing is bounded, and its port can be closed', async () => {
    const { link, board } = await connected();
    board.stall();
    const piece = Buffer.alloc(4096, 'x');
    let taken = 0;
    while (link.write(piece)) taken += piece.length;
    expect(taken).toBeLessThan(megabyte);
    await link.disconnect();
    expect(link.state).toEqual({ status: 'closed' });
  });

  test('reports a port that another program has, and opens it once it is free', async () => {
    const { port, link } = await connected();
    const second = linkTo(port);
    const failed = reaching(second, 'failed');
    second.connect();
    expect(await failed).toMatchObject({ error: { code: 'board.busy', exitCode: 4 } });
    const reached = reaching(second, 'connected');
    await link.disconnect();
    await reached;
  });

  test('reports a name that is no port', async () => {
    const missing = new SerialTransport('/dev/no-such-port');
    await expect(missing.open()).rejects.toMatchObject({ code: 'board.missing', exitCode: 4 });
    const folder = new SerialTransport(tmpdir());
    await expect(folder.open()).rejects.toMatchObject({ code: 'board.port', exitCode: 4 });
    await Promise.all([missing.close(), folder.close()]);
  });

  test('lends its port to other programs, which find it closed', async () => {
    const { port, link } = await connected();
    const again = reaching(link, 'connected');
    await link.lend('flashing', async () => {
      const other = new SerialTransport(port);
      await other.open();
      await other.close();
    });
    await again;
  });
});

describe.skipIf(whyNoPty)('a flood of garbage', () => {
  test('arrives through a pseudo-terminal to the last byte', { timeout: minutes(5) }, async () => {
    const { link, board } = await connected();
    const flood = await Flood.into(link);
    const total = 48 * megabyte;
    const chunk = randomBytes(megabyte);
    const expected = createHash('sha256');
    const all = received(link, total);
    for (let sent = 0; sent < total; sent += chunk.length) {
      expected.update(chunk);
      await board.send(chunk);
    }
    const hash = (await all).digest('hex');
    expect(hash).toBe(expected.digest('hex'));
    await flood.endsWell(hash, total);
  });

  test('ends when the board is unplugged in the middle of it', async () => {
    const { link, board } = await connected();
    const piece = randomBytes(megabyte);
    for (let count = 0; count < 5; count++) void board.send(piece);
    await received(link, megabyte);
    const lost = reaching(link, 'searching');
    await board.unplug();
    expect(await lost).toMatchObject({ lost: { code: 'board.unplugged' } });
  });
});
