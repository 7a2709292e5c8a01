import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readSession } from '../../src/node/board/monitor/read-session';
import { Conversation } from '../support/conversation';
import { portName, PtyBoard, whyNoPty } from '../support/pty';
import { done, hello, ready, token } from '../unit/board/fake-board';

if (whyNoPty) console.log(`Skipped the monitor over pseudo-terminals: ${whyNoPty}.`);

async function monitor(...options: string[]) {
  const port = portName();
  const board = await PtyBoard.plugIn(port);
  onTestFinished(() => board.unplug());
  const terminal = new Conversation(['monitor', port, ...options]);
  await terminal.shows(`Connected to ${port}.`);
  return { port, board, terminal };
}

describe.skipIf(whyNoPty)('starmind monitor', () => {
  test('shows generated text, and sends typed lines', async () => {
    const { board, terminal } = await monitor();
    await board.send('booting\n');
    await board.say(hello, ready, token(0), token(1), done(2, 'token-limit'), ready);
    await terminal.shows(
      'booting\n[hello: firmware 0.1.0 on pico at 200 MHz, 2 cores, model none (ok)]\n',
    );
    await terminal.shows('[ready]\naa\n[done: 2 tokens (token-limit), 3 tok/s');
    terminal.type('generate prompt=Größe');
    await board.hears(Buffer.from('generate prompt=Größe\n').toString('latin1'));
    expect(await terminal.interrupt()).toBe(130);
  });

  test('waits for a board that is absent, and for one that disappears', async () => {
    const port = portName();
    const terminal = new Conversation(['monitor', port]);
    await terminal.shows('is not there; it is connected to when it comes.');
    await terminal.shows('starmind boards lists those there are.');
    for (const word of ['first', 'second']) {
      const board = await PtyBoard.plugIn(port);
      await terminal.shows(`Connected to ${port}.`);
      await board.send(`${word}\n`);
      await terminal.shows(`${word}\n`);
      await board.unplug();
      await terminal.shows('has gone');
    }
    terminal.type('hello?');
    await terminal.shows('is not connected.');
    expect(await terminal.interrupt()).toBe(130);
  });

  test('prints one JSON object a line', async () => {
    const { board, terminal } = await monitor('--json', '--timestamps');
    await board.say(ready, token(3));
    await board.send('text');
    await terminal.shows('"text"}\n');
    expect(await terminal.interrupt()).toBe(130);
    const lines = terminal.stdout.trim().split('\n');
    const values = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(values).toMatchObject([
      { ...ready, at: expect.any(Number) as number },
      token(3),
      { text: 'text' },
    ]);
  });

  test('prints the bytes as they are, and records the session', async () => {
    const log = `${portName()}.jsonl`;
    const { board, terminal } = await monitor('--raw', '--log', log);
    await board.say(ready);
    await board.send('text');
    await terminal.shows('text');
    terminal.type('stop');
    await board.hears('stop\n');
    expect(await terminal.interrupt()).toBe(130);
    expect(terminal.stdout).toBe('\x1e{"record":"ready"}\ntext');
    const kinds = new Map<string, string>();
    for await (const entry of readSession(log)) {
      const text = entry.kind === 'note' ? entry.text : Buffer.from(entry.bytes).toString();
      kinds.set(entry.kind, (kinds.get(entry.kind) ?? '') + text);
    }
    expect(kinds.get('data')).toBe(terminal.stdout);
    expect(kinds.get('sent')).toBe('stop\n');
    expect(readFileSync(log, 'utf8')).toContain('"note":"Connected to');
  });

  test('prints the time at the beginning of each line', async () => {
    const { board, terminal } = await monitor('--timestamps');
    await board.send('one\ntwo\n');
    await board.say(ready);
    await terminal.shows('[ready]\n');
    expect(await terminal.interrupt()).toBe(130);
    const time = String.raw`\d\d:\d\d:\d\d\.\d{3}  `;
    expect(terminal.stdout).toMatch(new RegExp(`^${time}one\n${time}two\n${time}\\[ready\\]\n$`));
  });

  test('ends quietly when the reader closes its output', async () => {
    const { board, terminal } = await monitor();
    const talking = setInterval(() => void board.send('more\n'), 10);
    onTestFinished(() => clearInterval(talking));
    expect(await terminal.hangUp()).toBe(0);
  });
});
