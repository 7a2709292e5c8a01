import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { system, thisProcess } from '../../../src/node/process-identity';
import { runFolder, type RunFolder } from '../../../src/node/run/folder';
import {
  requireFree,
  requireNoTraining,
  whileBuilding,
  whileTraining,
} from '../../../src/node/run/run-owner';

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
  const whole = { activity: 'training', ...system(), since: Date.now(), token: 'other' };
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
    await whileTraining(run, async () => {
      await expect(whileTraining(run, nothing)).rejects.toMatchObject({
        code: 'run.busy',
        message: expect.stringContaining(`is being trained by process ${process.pid}`) as string,
        remedy: expect.stringContaining('--out DIR') as string,
      });
      await expect(whileBuilding(run, {}, nothing)).rejects.toMatchObject({
        code: 'run.busy',
      });
      await expect(requireNoTraining(run)).rejects.toMatchObject({ code: 'run.busy' });
      await expect(requireFree(run)).rejects.toMatchObject({
        remedy: 'Wait until it has ended, or end it.',
      });
      order.push('first');
    });
    await requireFree(run);
    await whileTraining(run, async () => void order.push('second'));
    expect(order).toEqual(['first', 'second']);
    expect(await readdir(run.path)).toEqual([]);
  });

  test('reading works while firmware is built, and a second build waits', async () => {
    const order: string[] = [];
    let second: Promise<void> | undefined;
    await whileBuilding(run, {}, async () => {
      await requireNoTraining(run);
      await expect(whileTraining(run, nothing)).rejects.toMatchObject({
        message: expect.stringContaining('is being built') as string,
      });
      await expect(requireFree(run)).rejects.toMatchObject({ code: 'run.busy' });
      await new Promise<void>((told) => {
        const onLine = (line: string) => {
          order.push(line);
          told();
        };
        second = whileBuilding(run, { onLine }, async () => void order.push('second'));
      });
      order.push('first');
    });
    await second;
    const waiting = `Waiting for another build: process ${process.pid}`;
    expect(order).toEqual([waiting, 'first', 'second']);
  });

  test('a build that waits can be interrupted', async () => {
    await whileBuilding(run, {}, async () => {
      const waiting = whileBuilding(run, { signal: AbortSignal.abort() }, nothing);
      await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
    });
  });

  test.each([
    [0, 'just now'],
    [90_000, '1 minute ago'],
    [50 * 3_600_000, '2 days ago'],
  ])('says how long ago the owner began: %d ms', async (age, told) => {
    await leave({ pid: 1, boot: 'another', host: 'another', since: Date.now() - age });
    await expect(whileTraining(run, nothing)).rejects.toMatchObject({
      message: expect.stringContaining(`, which began ${told}.`) as string,
    });
  });

  test('a run that is read-only is named', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may write everywhere');
    if (process.platform === 'win32') skip('Windows has no read-only folders');
    await chmod(run.path, 0o500);
    await expect(whileBuilding(run, {}, nothing)).rejects.toMatchObject({
      code: 'run.unwritable',
      message: `${run.path} is read-only: nothing can be built there.`,
    });
  });

  test('a failure releases the run', async () => {
    const failing = whileTraining(run, () => Promise.reject(new Error('no text')));
    await expect(failing).rejects.toThrow('no text');
    await whileTraining(run, nothing);
  });

  test('of many that want the run of a killed process, one gets it', async () => {
    await leave({ pid: await endedProcess() });
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const asked = Array.from({ length: 20 }, () => whileTraining(run, () => held));
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
    await whileTraining(run, async () => {
      expect((await noted()).pid).toBe(process.pid);
    });
    expect(await readdir(run.path)).toEqual([]);
  });

  test('a note that says no owner', async () => {
    const types = '{"activity":1,"pid":"x","host":null,"since":"x","token":[]}';
    const texts = ['{"activity": "tra', '', '{}', '123', '[]', '"x"', 'null', types];
    // Each waits for a writer who may be at work, so all wait together.
    const taking = texts.map(async (text, number) => {
      const other = runFolder(join(run.path, String(number)));
      await mkdir(other.path);
      await writeFile(join(other.path, '.owner.json'), text);
      await requireNoTraining(other);
      await whileTraining(other, nothing);
      expect(await readdir(other.path)).toEqual([]);
    });
    await Promise.all(taking);
  });

  test('a process killed while it took the place of another', async () => {
    const gone = { pid: await endedProcess() };
    await leave(gone);
    await writeFile(`${note}.takeover`, await readFile(note, 'utf8'));
    await whileTraining(run, nothing);
    expect(await readdir(run.path)).toEqual([]);
  });

  test('a note that cannot be read is named', async () => {
    await mkdir(note);
    await expect(whileTraining(run, nothing)).rejects.toMatchObject({
      code: 'run.unwritable',
      message: expect.stringContaining('.owner.json') as string,
    });
  });
});

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  test('another process with the same id is no owner', async () => {
    await leave({ pid: process.pid, start: '1' });
    await whileTraining(run, nothing);
  });

  test('nor is a process before the last start of this system', async () => {
    await leave({ pid: process.pid, boot: 'an earlier one' });
    await whileTraining(run, nothing);
  });

  test('nor is a zombie', async () => {
    // The shell starts a program, becomes another one, and never waits for the first.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60']);
    try {
      const [id] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(id);
      const state = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
      await expect.poll(state).toBe('Z');
      await leave({ pid });
      await whileTraining(run, nothing);
    } finally {
      parent.kill();
    }
  });

  test('a process keeps its run when the clock or the name of the computer is changed', async () => {
    const { start } = thisProcess();
    await leave({ pid: process.pid, start, since: 0, host: 'before' });
    await expect(whileTraining(run, nothing)).rejects.toMatchObject({ code: 'run.busy' });
  });
});

test.each([
  ['of another computer', { boot: 'another', host: 'another' }, 'computer or container another'],
  ['of a computer of the same name', { boot: 'another', machine: 'another' }, 'of a container'],
  ['of another container', { pidSpace: 'pid:[1]' }, 'of a container'],
])('a process %s keeps its run', async (_, place, told) => {
  await leave({ pid: 1, since: 0, ...place });
  for (const ask of [() => whileTraining(run, nothing), () => whileBuilding(run, {}, nothing)]) {
    await expect(ask()).rejects.toMatchObject({
      message: expect.stringContaining(told) as string,
      remedy: expect.stringContaining('delete .owner.json') as string,
    });
  }
});
