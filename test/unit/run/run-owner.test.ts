import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runFolder, type RunFolder } from '../../../src/node/run/folder';
import { requireNoTraining, whileOwningRun } from '../../../src/node/run/run-owner';

let run: RunFolder;
let note: string;

beforeEach(async () => {
  run = runFolder(await mkdtemp(join(tmpdir(), 'starmind-run-')));
  note = join(run.path, '.owner.json');
});

afterEach(() => rm(run.path, { recursive: true, force: true }));

const noted = async () => JSON.parse(await readFile(note, 'utf8')) as Record<string, unknown>;

/** Leaves the note of another owner. */
async function leave(owner: Record<string, unknown>): Promise<void> {
  const whole = { activity: 'training', host: hostname(), since: Date.now(), token: 'other' };
  await writeFile(note, JSON.stringify({ ...whole, ...owner }));
}

/** Id of a process that has ended. */
function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  return new Promise((resolve) => child.on('exit', () => resolve(child.pid ?? 0)));
}

const nothing = () => Promise.resolve();

describe('a run has one owner at a time', () => {
  test('the second process is told the owner and the remedy, and the first continues', async () => {
    const order: string[] = [];
    await whileOwningRun(run, 'training', async () => {
      await expect(whileOwningRun(run, 'training', nothing)).rejects.toMatchObject({
        code: 'run.busy',
        message: expect.stringContaining(`is being trained by process ${process.pid}`) as string,
        remedy: expect.stringContaining('--out DIR') as string,
      });
      await expect(whileOwningRun(run, 'building', nothing)).rejects.toMatchObject({
        code: 'run.busy',
      });
      await expect(requireNoTraining(run)).rejects.toMatchObject({ code: 'run.busy' });
      order.push('first');
    });
    await whileOwningRun(run, 'training', async () => void order.push('second'));
    expect(order).toEqual(['first', 'second']);
    expect(await readdir(run.path)).toEqual([]);
  });

  test('a run is read while firmware is built; a second build waits, a training does not', async () => {
    const order: string[] = [];
    let second: Promise<void> | undefined;
    await whileOwningRun(run, 'building', async () => {
      await requireNoTraining(run);
      await expect(whileOwningRun(run, 'training', nothing)).rejects.toMatchObject({
        message: expect.stringContaining('is being built') as string,
      });
      second = whileOwningRun(run, 'building', async () => void order.push('second'));
      await new Promise((resolve) => setTimeout(resolve, 120));
      order.push('first');
    });
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  test('a failure releases the run', async () => {
    const failing = whileOwningRun(run, 'training', () => Promise.reject(new Error('no text')));
    await expect(failing).rejects.toThrow('no text');
    await whileOwningRun(run, 'training', nothing);
  });

  test('of many that want the run of a killed process, one gets it', async () => {
    await leave({ pid: await endedProcess() });
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const asked = Array.from({ length: 20 }, () => whileOwningRun(run, 'training', () => held));
    const outcomes = Promise.allSettled(asked);
    await expect(
      Promise.any(asked.map((each) => each.catch((error: unknown) => error))),
    ).resolves.toMatchObject({ code: 'run.busy' });
    release();
    const got = (await outcomes).filter(({ status }) => status === 'fulfilled');
    expect(got).toHaveLength(1);
  });
});

describe('an owner that is gone', () => {
  test.each([
    ['a process that has ended', async () => ({ pid: await endedProcess() })],
    ['a process before the computer started', () => ({ pid: process.pid, since: 0 })],
  ])('%s', async (_, owner) => {
    await leave(await owner());
    await requireNoTraining(run);
    await whileOwningRun(run, 'training', async () => {
      expect((await noted()).pid).toBe(process.pid);
    });
    expect(await readdir(run.path)).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('another process with the same id', async () => {
    await leave({ pid: process.pid, processStart: '1' });
    await whileOwningRun(run, 'training', nothing);
  });

  test.skipIf(process.platform !== 'linux')(
    'a process that its parent has not reaped',
    async () => {
      // The shell starts a program, becomes another one, and never waits for the first.
      const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30']);
      const pid = await new Promise<number>((resolve) =>
        parent.stdout.once('data', (text: Buffer) => resolve(Number(text.toString()))),
      );
      try {
        await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /);
        await leave({ pid });
        await whileOwningRun(run, 'training', nothing);
      } finally {
        parent.kill();
      }
    },
  );

  test.each(['{}', '123', '[]', '"x"', 'null'])('a note that is %s', async (text) => {
    await writeFile(note, text);
    await requireNoTraining(run);
    await whileOwningRun(run, 'training', nothing);
  });

  test('a note that was never written whole', async () => {
    await writeFile(note, '{"activity": "tra');
    await whileOwningRun(run, 'training', nothing);
  });

  test('a process of another computer keeps its run', async () => {
    await leave({ pid: 1, host: 'another', since: 0 });
    await expect(whileOwningRun(run, 'training', nothing)).rejects.toMatchObject({
      message: expect.stringContaining('of the computer another') as string,
      remedy: expect.stringContaining('delete .owner.json') as string,
    });
  });
});
