import { expect, onTestFinished, test } from 'vitest';
import { BoardLink } from '../../../src/node/board/link/board-link';
import { LiveSession } from '../../../src/node/board/monitor/live-session';
import { done, hello, ready, token } from './fake-board';
import { FakeTransport } from './fake-transport';

test('asks a board that may not have stopped for its hello before the next prompt', async () => {
  let isStuck = true;
  const stop = new AbortController();
  const transport = new FakeTransport('port A', (text, self) => {
    for (const line of text.split('\n').filter(Boolean)) {
      if (line === 'info') self.say(hello, ready);
      if (line.startsWith('generate') && isStuck) {
        self.say(token(0));
        stop.abort();
      }
      if (line.startsWith('generate') && !isStuck)
        self.say(token(0), done(1, 'token-limit'), ready);
    }
  });
  const link = new BoardLink({
    name: 'the board',
    find: async () => transport,
    patience: { greeting: 5000, answer: 5000, stop: 50 },
  });
  const session = new LiveSession(link, undefined);
  onTestFinished(() => link.disconnect());
  const connected = new Promise<void>((resolve) => {
    link.onState(({ status }) => status === 'connected' && resolve());
  });
  link.connect();
  await connected;

  const speaking = session.prompt({ prompt: 'a' }, () => undefined, stop.signal);
  await expect(speaking).rejects.toMatchObject({ code: 'interrupted' });

  isStuck = false;
  transport.written.length = 0;
  const lives = new AbortController().signal;
  for (let count = 0; count < 2; count++) {
    const summary = await session.prompt({ prompt: 'b' }, () => undefined, lives);
    expect(summary).toMatchObject({ reason: 'token-limit' });
  }
  const commands = transport.written.map((line) => line.split(' ')[0]?.trim());
  expect(commands).toEqual(['', 'stop', 'info', 'generate', 'generate']);
});
