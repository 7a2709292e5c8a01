import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { portLost } from '../../../src/node/board/board-errors';
import { bench, generate, waitForHello } from '../../../src/node/board/session';
import { done, FakeBoard, hello, ready, token } from './fake-board';

const nothing = (): void => undefined;

/** Sends well-formed records that answer nothing, for ever. */
function astray(record: (index: number) => object): FakeBoard {
  const board = new FakeBoard(nothing);
  board.patience = { greeting: 100, answer: 100, stop: 200 };
  board.flood(record);
  onTestFinished(() => board.close());
  return board;
}

describe('greeting', () => {
  test('waits until the board is idle', async () => {
    const board = new FakeBoard((line, self) => {
      if (line === 'stop') self.say(done(3, 'stopped'), ready);
      if (line === 'info') self.say(hello, ready);
    });
    expect(await waitForHello(board)).toMatchObject({ firmware: '0.1.0' });
    expect(board.written).toEqual(['', 'stop', 'info']);
  });

  test('a silent board fails after a while', async () => {
    await expect(waitForHello(new FakeBoard(nothing), 20)).rejects.toMatchObject({
      code: 'board.silent',
      exitCode: 4,
    });
  });

  test('so does one that sends everything but ready', async () => {
    for (const record of [token, () => hello]) {
      await expect(waitForHello(astray(record))).rejects.toMatchObject({
        code: 'board.silent',
        message: expect.stringContaining('speaks, but has not answered') as string,
      });
    }
  });

  test('a board of another protocol is refused', async () => {
    const board = new FakeBoard((_, self) => self.say({ ...hello, protocol: 99 }));
    await expect(waitForHello(board)).rejects.toMatchObject({ code: 'board.protocol' });
  });
});

describe('generation', () => {
  const speaking = (): FakeBoard =>
    new FakeBoard((line, self) => {
      if (line.startsWith('generate')) self.say(token(0), token(1));
      if (line === 'stop') self.say(token(2), done(3, 'stopped'), ready);
    });

  test('yields tokens as they arrive and the summary at the end', async () => {
    const board = new FakeBoard((_, self) =>
      self.say(ready, token(0), token(1), done(2, 'token-limit')),
    );
    const ids: number[] = [];
    const summary = await generate(board, { prompt: 'Hi', tokens: 2 }, ({ id }) => ids.push(id));
    expect(summary).toMatchObject({ tokens: 2, reason: 'token-limit' });
    expect(ids).toEqual([40, 41]);
    expect(board.written).toEqual(['generate tokens=2 prompt=Hi']);
  });

  test('a prompt that the firmware would refuse is not sent', async () => {
    const board = new FakeBoard(nothing);
    const said = generate(board, { prompt: 'a'.repeat(600) }, nothing);
    await expect(said).rejects.toMatchObject({
      code: 'board.prompt',
      exitCode: 1,
      message: 'The prompt takes 600 bytes; a line to the board has room for 496.',
    });
    expect(board.written).toEqual([]);
  });

  test('a prompt over the context is reported in the words of the host', async () => {
    const board = new FakeBoard((_, self) =>
      self.say({
        ...{ record: 'error', code: 'prompt', message: 'position beyond the context' },
        ...{ prompt_tokens: 48, max_seq_len: 48 },
      }),
    );
    await expect(generate(board, { prompt: 'Hi' }, nothing)).rejects.toMatchObject({
      code: 'prompt.too-long',
      exitCode: 1,
      message: 'The prompt has 48 tokens; the context of 48 (max_seq_len) has room for 47.',
    });
  });

  test('an abort stops the board and keeps its tokens so far', async () => {
    const controller = new AbortController();
    const board = speaking();
    const summary = generate(board, { prompt: '' }, nothing, controller.signal);
    controller.abort();
    expect(await summary).toMatchObject({ tokens: 3, reason: 'stopped' });
  });

  test('an abort before the start works as well', async () => {
    const signal = AbortSignal.abort();
    expect(await generate(speaking(), { prompt: '' }, nothing, signal)).toMatchObject({
      tokens: 3,
    });
  });

  test.each<[string, (index: number) => object]>([
    ['the greeting', () => hello],
    ['that it is ready', () => ready],
    ['a token of another speech', () => token(7)],
    ['more tokens than were asked for', token],
    ['measurements', () => ({ record: 'bench', kernel: 'query', cycles: 5 })],
  ])('a board that goes on saying %s is given up', async (_, record) => {
    const summary = generate(astray(record), { prompt: '', tokens: 2 }, nothing);
    await expect(summary).rejects.toMatchObject({ code: 'board.silent' });
  });

  test('a slow board may finish', async () => {
    const board = new FakeBoard(nothing);
    board.patience = { greeting: 100, answer: 100, stop: 200 };
    const summary = generate(board, { prompt: '', tokens: 4 }, nothing);
    for (const index of [0, 1, 3]) {
      await delay(60);
      board.say(token(index));
    }
    await delay(60);
    board.say(done(4, 'token-limit'));
    expect(await summary).toMatchObject({ tokens: 4 });
  });

  test.each(['nothing', 'tokens'])('an abort ends it, with a board that sends %s', async (says) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const controller = new AbortController();
    const board = new FakeBoard(nothing);
    board.patience = { greeting: 100, answer: 180_000, stop: 200 };
    if (says === 'tokens') board.flood(token);
    const summary = generate(board, { prompt: '' }, nothing, controller.signal);
    const ended = expect(summary).rejects.toMatchObject({
      ...{ code: 'interrupted', exitCode: 130 },
      message: expect.stringContaining('a board has not answered') as string,
    });
    await vi.advanceTimersByTimeAsync(1000);
    controller.abort();
    await vi.advanceTimersByTimeAsync(2500);
    await board.close();
    await ended;
  });

  test('an error record is the reason of the failure', async () => {
    const board = new FakeBoard((_, self) =>
      self.say({ record: 'error', code: 'prompt', message: 'too long' }),
    );
    await expect(generate(board, { prompt: '' }, nothing)).rejects.toMatchObject({
      code: 'board.refused',
      exitCode: 4,
      message: 'a board refused the command (prompt): too long.',
    });
  });

  test('ends when the board disappears, or has disappeared', async () => {
    const board = new FakeBoard((_, self) => self.output.finish(portLost('ttyX')));
    const gone = { code: 'board.unplugged', exitCode: 4 };
    await expect(generate(board, { prompt: '' }, nothing)).rejects.toMatchObject(gone);
    await expect(generate(board, { prompt: '' }, nothing)).rejects.toMatchObject(gone);
  });

  test('a listener that throws does not leave it hanging', async () => {
    const token0 = new FakeBoard((_, self) => self.say(token(0)));
    const listener = (): void => {
      throw new Error('listener');
    };
    await expect(generate(token0, { prompt: '' }, listener)).rejects.toThrow('listener');
  });
});

test('measurements that repeat are no answer', async () => {
  const board = astray(() => ({ record: 'bench', kernel: 'query', cycles: 5 }));
  await expect(bench(board)).rejects.toMatchObject({ code: 'board.silent' });
});

test('measurements are collected until the board is ready', async () => {
  const measured = { record: 'bench', kernel: 'query', cycles: 5 };
  const board = new FakeBoard((_, self) => self.say(ready, measured, measured, ready));
  expect(await bench(board)).toEqual([measured, measured]);
});
