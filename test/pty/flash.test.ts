import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { modelUf2 } from '../../src/core/export/model-uf2';
import { headerOffset } from '../../src/core/export/image-fields';
import { readImageHeader } from '../../src/core/export/image-header';
import { loadRun } from '../../src/node/run/export';
import { runFolder } from '../../src/node/run/folder';
import { jsonOf, modelFile, smallModel, starmind, temporaryFolder } from '../cli/starmind';
import { DriveBoard } from '../support/drive-board';
import { PtyBoard, whyNoPty } from '../support/pty';
import { token } from '../unit/board/fake-board';

if (whyNoPty) console.log(`Skipped flashing from the command line: ${whyNoPty}.`);

/** A run with an untrained model, and its image. */
let run: string;
let image: Uint8Array;
let model: string | undefined;

async function plugIn(): Promise<DriveBoard> {
  const board = new DriveBoard(temporaryFolder());
  await board.start();
  onTestFinished(() => board.dispose());
  return board;
}

const flash = (board: DriveBoard, ...args: string[]) =>
  starmind(['flash', ...args, '--json'], { env: board.environment });

describe.skipIf(whyNoPty)('starmind flash', () => {
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'starmind-flash-'));
    const file = join(folder, 'model.json');
    writeFileSync(file, JSON.stringify(smallModel));
    run = String(jsonOf(await starmind(['train', file, '--steps', '0', '--json'])).run);
    image = (await loadRun(runFolder(run))).image;
    model = readImageHeader(image)?.contentHash;
    return () => rmSync(folder, { recursive: true });
  });

  test('puts a model on a board that runs our firmware, once, without a compiler', async () => {
    const board = await plugIn();
    const first = await flash(board, run);
    expect(first.status).toBe(0);
    expect(jsonOf(first)).toMatchObject({
      ...{ board: board.port, port: board.port, method: 'volume', flash: 'model', model },
      bytes: board.taken,
    });
    expect(board.taken).toBe(modelUf2(image).length);
    expect(first.stderr).toContain('block 0 of');

    const second = await flash(board, run);
    expect(second.status).toBe(0);
    expect(jsonOf(second)).toMatchObject({ flash: 'nothing', method: null, bytes: 0 });
  });

  test('puts a UF2 file on the board that is named by its port', async () => {
    const board = await plugIn();
    const file = join(temporaryFolder(), 'model.uf2');
    writeFileSync(file, modelUf2(image));
    const named = await flash(board, file, '--board', board.port);
    expect(named.status).toBe(0);
    expect(jsonOf(named)).toMatchObject({ flash: 'program', model, port: board.port });
    const again = await flash(board, file, '--model-only');
    expect(again.status).toBe(0);
    expect(board.model).toBe(model);
  });

  test('names the version of a model image that it cannot flash', async () => {
    const board = await plugIn();
    const file = join(temporaryFolder(), 'old.uf2');
    const old = image.slice();
    new DataView(old.buffer, old.byteOffset).setUint16(headerOffset('version'), 1, true);
    writeFileSync(file, modelUf2(old));
    const outcome = await flash(board, file, '--model-only');
    expect(outcome.status).toBe(1);
    expect(jsonOf(outcome)).toMatchObject({ error: { code: 'flash.model-version' } });
    expect(outcome.stderr).toContain('version 1');
    expect(board.taken).toBe(0);
  });

  test('lists the board that it would flash', async () => {
    const board = await plugIn();
    const outcome = await starmind(['boards', '--json'], { env: board.environment });
    expect(outcome.status).toBe(0);
    expect(jsonOf(outcome)).toMatchObject({
      boards: [
        { id: 'virtual', kind: 'virtual' },
        { id: board.port, kind: 'serial', port: board.port },
      ],
    });
  });

  test('gives up a board that sends records for ever and answers nothing', async () => {
    const port = join(temporaryFolder(), 'port');
    const board = await PtyBoard.plugIn(port);
    const talking = setInterval(() => void board.say(token(0), token(1)), 5);
    onTestFinished(async () => {
      clearInterval(talking);
      await board.unplug();
    });
    const outcome = await starmind(['flash', run, '--model-only', '--json'], {
      env: { STARMIND_SERIAL_PORTS: port },
    });
    expect(outcome.status).toBe(4);
    expect(outcome.stderr).toContain('speaks, but has not answered for 3 seconds');
  });

  test('reports an RP2350', async () => {
    const board = await plugIn();
    board.boardId = 'RP2350';
    const outcome = await flash(board, run);
    expect(outcome.status).toBe(4);
    expect(jsonOf(outcome)).toMatchObject({ error: { code: 'flash.rp2350' } });
    expect(board.taken).toBe(0);
  });

  test('reports that there is no board, before it builds anything', async () => {
    const outcome = await starmind(['flash', run, '--json']);
    expect(outcome.status).toBe(4);
    expect(jsonOf(outcome)).toMatchObject({ error: { code: 'flash.no-board' } });
  });

  test('reports a path that is neither a file nor a run, with or without a board', async () => {
    const missing = await starmind(['flash', join(run, 'none.uf2'), '--json']);
    expect(missing.status).toBe(1);
    expect(jsonOf(missing)).toMatchObject({ error: { code: 'flash.missing' } });
    const folder = await starmind(['flash', dirname(modelFile(smallModel)), '--json']);
    expect(folder.status).toBe(1);
    expect(jsonOf(folder)).toMatchObject({ error: { code: 'run.missing' } });
  });

  test('Ctrl+C ends the wait for a board, and prints the state of the board', async () => {
    const board = await plugIn();
    // Its drive is never seen.
    const env = { STARMIND_SERIAL_PORTS: board.port };
    const args = ['flash', run, '--json'];
    const outcome = await starmind(args, { env, interruptAt: 'Waiting for the drive' });
    expect(outcome.status).toBe(130);
    expect(jsonOf(outcome)).toMatchObject({
      error: {
        code: 'interrupted',
        remedy: expect.stringContaining('Nothing was written') as string,
      },
    });
  });
});
