import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readImageHeader } from '../../src/core/export/image-header';
import { loadRun } from '../../src/node/run/export';
import { runFolder } from '../../src/node/run/folder';
import { jsonOf, starmind } from '../cli/starmind';
import { Conversation } from '../support/conversation';
import { portName, PtyBoard, whyNoPty } from '../support/pty';
import { done, hello, ready, token } from '../unit/board/fake-board';

if (whyNoPty) console.log(`Skipped running on boards behind pseudo-terminals: ${whyNoPty}.`);

/** A run with an untrained model. */
let run: string;
/** Digests of its model and tokenizer. */
let model: string | undefined;
let tokenizer: string | undefined;

const smallest = {
  version: 1,
  name: 'smallest',
  architecture: {
    vocab_size: 64,
    dim: 8,
    hidden_dim: 16,
    n_layers: 1,
    n_heads: 1,
    max_seq_len: 32,
  },
  data: { source: 'starter', max_bytes: 20_000 },
};

async function untrainedRun(folder: string): Promise<string> {
  const file = join(folder, 'model.json');
  writeFileSync(file, JSON.stringify(smallest));
  const outcome = await starmind(['train', file, '--steps', '0', '--json']);
  return String(jsonOf(outcome).run);
}

/** Has the run's model, and calls `speak` when it receives a prompt. */
function boardThat(speak: (board: PtyBoard) => void) {
  return (line: string, board: PtyBoard): void => {
    if (line === 'info') void board.say({ ...hello, model, tokenizer }, ready);
    if (line.startsWith('generate')) speak(board);
  };
}

async function plugIn(speak: (board: PtyBoard) => void): Promise<string> {
  const port = portName();
  const board = await PtyBoard.plugIn(port, boardThat(speak));
  onTestFinished(() => board.unplug());
  return port;
}

const runOn = (port: string) => ['run', run, '--board', port, '--prompt', 'Once', '--json'];

describe.skipIf(whyNoPty)('starmind run --board PORT', () => {
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'starmind-run-'));
    run = await untrainedRun(folder);
    const header = readImageHeader((await loadRun(runFolder(run))).image);
    model = header?.contentHash;
    tokenizer = header?.tokenizerHash;
    return () => rmSync(folder, { recursive: true });
  });

  test("streams the board's text", async () => {
    const port = await plugIn(
      (board) => void board.say(token(0), token(1), done(2, 'token-limit')),
    );
    const outcome = await starmind(runOn(port));
    expect(outcome.status).toBe(0);
    expect(jsonOf(outcome)).toMatchObject({ tokens: [40, 41], text: 'aa', emulated: false });
  });

  test('a port that is not there is an error of boards', async () => {
    const outcome = await starmind(runOn('/dev/no-such-port'));
    expect(outcome.status).toBe(4);
    expect(jsonOf(outcome)).toMatchObject({ error: { code: 'board.missing' } });
    expect(outcome.stderr).toContain('/dev/no-such-port');
  });

  test('so is a port that another program has', async () => {
    const port = await plugIn(() => undefined);
    const other = new Conversation(['monitor', port]);
    await other.shows('Connected');
    const outcome = await starmind(runOn(port));
    expect(outcome.status).toBe(4);
    expect(jsonOf(outcome)).toMatchObject({ error: { code: 'board.busy' } });
  });

  test('so is a board that is unplugged while it generates', async () => {
    const port = await plugIn((board) => {
      void board.say(token(0)).then(() => board.send('\x1e{"record":"to'));
      setTimeout(() => void board.unplug(), 100);
    });
    const outcome = await starmind(runOn(port));
    expect(outcome.status).toBe(4);
    expect(jsonOf(outcome)).toMatchObject({ error: { code: 'board.unplugged' } });
  });

  test('so is a board with another image, tokenizer and all', async () => {
    const port = portName();
    const board = await PtyBoard.plugIn(port, (line, self) => {
      if (line === 'info') void self.say({ ...hello, model: 'cafe', tokenizer: 'beef' }, ready);
    });
    onTestFinished(() => board.unplug());
    const outcome = await starmind(runOn(port));
    expect(outcome.status).toBe(4);
    expect(jsonOf(outcome)).toMatchObject({ error: { code: 'board.model' } });
    expect(outcome.stderr).toContain('model cafe with tokenizer beef');
  });

  test('Ctrl+C ends the wait for a board that falls silent while it generates', async () => {
    const port = portName();
    const board = await PtyBoard.plugIn(
      port,
      boardThat((self) => void self.say(token(0))),
    );
    onTestFinished(() => board.unplug());
    const terminal = new Conversation(runOn(port));
    await board.hears('prompt=Once\n');
    const begun = Date.now();
    expect(await terminal.interrupt()).toBe(130);
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(terminal.stdout).toContain('"code":"interrupted"');
  });

  test('Ctrl+C ends the wait for a silent board', async () => {
    const port = portName();
    const board = await PtyBoard.plugIn(port);
    onTestFinished(() => board.unplug());
    const terminal = new Conversation(runOn(port));
    await board.hears('info\n');
    expect(await terminal.interrupt()).toBe(130);
  });
});
