import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { BoardLink } from '../../../src/node/board/link/board-link';
import { Flood } from '../../support/flood';
import { FakeTransport } from './fake-transport';

/** Bytes of one piece, and in all: 10 MB/s for six seconds. */
const piece = 100_000;
const total = 60_000_000;
const perMillisecond = 10_000;

test('10 MB/s of garbage are logged to the last byte, in bounded memory', async () => {
  const board = new FakeTransport('port');
  const link = new BoardLink({ name: 'the board', find: () => Promise.resolve(board) });
  onTestFinished(() => link.disconnect());
  const reached = new Promise<void>((resolve) =>
    link.onState(({ status }) => status === 'connected' && resolve()),
  );
  link.connect();
  await reached;
  const flood = await Flood.into(link);
  const hash = createHash('sha256');
  const garbage = randomBytes(1_000_003);
  const begun = performance.now();
  for (let sent = 0; sent < total; sent += piece) {
    // Each time another part of it.
    const from = sent % (garbage.length - piece);
    const bytes = garbage.subarray(from, from + piece);
    hash.update(bytes);
    board.send(bytes);
    do await delay(Math.max(0, begun + sent / perMillisecond - performance.now()));
    while (board.held);
  }
  expect(link.state.status).toBe('connected');
  await flood.endsWell(hash.digest('hex'), total);
});
