import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { assetPath } from '../../src/node/assets';
import { jsonOf, modelFile, smallModel, starmind, temporaryFolder } from './starmind';

/** Trains for some seconds, with a checkpoint each 50 steps. */
const slowModel = {
  ...smallModel,
  training: { steps: 1500, batch: 8, checkpoint_every: 50, evaluate_every: 500 },
};

/** Trains until it is ended. */
const endlessModel = { ...slowModel, training: { ...slowModel.training, steps: 1_000_000 } };

const timeout = 120_000;

/** A cache of its own, so that its logs can be counted. */
const ownCache = () => ({ STARMIND_CACHE: temporaryFolder(), STARMIND_EDITOR: '' });

const runOf = (file: string) => join(dirname(file), 'runs', 'small');
const hasCheckpoint = (file: string) => existsSync(join(runOf(file), 'checkpoint.safetensors'));

/** The process that trains a run. */
function trainerOf(file: string): number {
  const note = readFileSync(join(runOf(file), '.owner.json'), 'utf8');
  return (JSON.parse(note) as { pid: number }).pid;
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + timeout / 2;
  while (!holds()) {
    if (Date.now() > end) throw new Error('It took too long.');
    await wait(50);
  }
}

function logsIn(cache: string): string[] {
  const folder = join(cache, 'trainings');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** Ends the trainer of a run after the test, also after one that fails. */
function endAfterwards(file: string): void {
  onTestFinished(() => {
    if (!existsSync(join(runOf(file), '.owner.json'))) return;
    try {
      process.kill(trainerOf(file), 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
}

describe('train --background', { timeout }, () => {
  test('shows the same as a training in the foreground, and leaves no log', async () => {
    const env = ownCache();
    const file = modelFile(smallModel);
    const { status, stdout, stderr } = await starmind(['train', file, '--background'], { env });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stderr).toContain('This training goes on when its terminal is closed.');
    expect(stderr).toContain(`starmind ask ${runOf(file)} stop`);
    expect(stderr).toMatch(/step +\d+/);
    expect(stdout).toContain('Trained 30 steps');
    expect(stdout).toContain(`Run: ${runOf(file)}`);
    expect(logsIn(env.STARMIND_CACHE)).toEqual([]);
  });

  test('prints its result for programs', async () => {
    const outcome = await starmind(['train', modelFile(smallModel), '--background', '--json'], {
      env: ownCache(),
    });
    expect(jsonOf(outcome)).toMatchObject({ steps: 30, stopped: 'done' });
  });

  test.each([
    ['killed', 'SIGKILL'],
    ['hung up', 'SIGHUP'],
    ['terminated', 'SIGTERM'],
  ] as const)('goes on when its terminal is %s', async (_, signal) => {
    const env = ownCache();
    const file = modelFile(slowModel);
    endAfterwards(file);
    const args = [assetPath('cli.js'), 'train', file, '--background'];
    const parent = spawn(process.execPath, args, { env: { ...process.env, ...env } });
    const closed = new Promise((resolve) => parent.on('close', resolve));
    parent.stdout.resume();
    parent.stderr.resume();
    await until(() => hasCheckpoint(file));
    const trainer = trainerOf(file);
    expect(trainer).not.toBe(parent.pid);
    parent.kill(signal);
    await closed;
    // The run is still taken.
    const again = await starmind(['train', file], { env });
    expect(again.status).toBe(1);
    expect(again.stderr).toContain(`is being trained by process ${trainer}`);
    const summary = join(runOf(file), 'summary.json');
    await until(() => existsSync(summary));
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({ steps: 1500 });
    const [log] = logsIn(env.STARMIND_CACHE);
    await until(() => /^Trained \S+ steps/m.test(readFileSync(log!, 'utf8')));
  });

  test('goes on when the reader of its output leaves', async () => {
    const env = ownCache();
    const file = modelFile(slowModel);
    endAfterwards(file);
    const args = [assetPath('cli.js'), 'train', file, '--background'];
    const parent = spawn(process.execPath, args, { env: { ...process.env, ...env } });
    const ended = new Promise((resolve) => parent.on('exit', resolve));
    await until(() => hasCheckpoint(file));
    parent.stderr.destroy();
    parent.stdout.destroy();
    expect(await ended).toBe(0);
    await until(() => existsSync(join(runOf(file), 'summary.json')));
  });

  test('Ctrl+C ends it with a checkpoint', async () => {
    const file = modelFile(endlessModel);
    endAfterwards(file);
    const outcome = await starmind(['train', file, '--background'], {
      env: ownCache(),
      interruptAt: 'step',
    });
    expect(outcome.status).toBe(130);
    expect(outcome.stderr).toMatch(/Training at step \d+ was interrupted/);
    expect(outcome.stderr).not.toContain('--background --resume');
    expect(hasCheckpoint(file)).toBe(true);
    expect(existsSync(join(runOf(file), 'summary.json'))).toBe(false);
  });

  test('an error of it is told at its place, with its exit code', async () => {
    const env = { ...ownCache(), STARMIND_EDITOR: '1' };
    const file = modelFile({ ...smallModel, data: { source: 'nothing.txt' } });
    const foreground = await starmind(['train', file], { env });
    const background = await starmind(['train', file, '--background'], { env });
    expect(background).toEqual(foreground);
    expect(background.status).toBe(1);
    expect(background.stderr).toContain('(data.missing)');
    expect(logsIn(env.STARMIND_CACHE)).toEqual([]);
  });

  test('a trainer that is killed is told, with what to do', async () => {
    const env = ownCache();
    const file = modelFile(endlessModel);
    endAfterwards(file);
    const outcome = starmind(['train', file, '--background'], { env });
    await until(() => hasCheckpoint(file));
    process.kill(trainerOf(file), 'SIGKILL');
    const { status, stderr } = await outcome;
    expect(status).toBe(1);
    expect(stderr).toContain('was ended by SIGKILL');
    expect(stderr).toContain('(background.crashed)');
    expect(stderr).toContain(logsIn(env.STARMIND_CACHE)[0]);
  });
});

describe('ask', { timeout }, () => {
  test('stops a training of another terminal, which keeps its model', async () => {
    const env = ownCache();
    const file = modelFile(endlessModel);
    endAfterwards(file);
    const training = starmind(['train', file, '--background'], { env });
    await until(() => hasCheckpoint(file));
    expect((await starmind(['ask', runOf(file), 'pause'])).stdout).toContain('It pauses');
    const progress = join(runOf(file), 'progress.json');
    await until(() => readFileSync(progress, 'utf8').includes('paused'));
    const { status } = await starmind(['ask', runOf(file), 'stop']);
    expect(status).toBe(0);
    const { status: ended, stdout } = await training;
    expect(ended).toBe(0);
    expect(stdout).toContain('Trained');
    expect(existsSync(join(runOf(file), 'summary.json'))).toBe(true);
  });

  test('a run that nobody trains is told', async () => {
    const { status, stderr } = await starmind(['ask', temporaryFolder(), 'stop']);
    expect(status).toBe(1);
    expect(stderr).toContain('(training.idle)');
  });

  test('a request that there is not is refused', async () => {
    const { status, stderr } = await starmind(['ask', temporaryFolder(), 'dance']);
    expect(status).toBe(2);
    expect(stderr).toContain('pause, go-on, stop, discard');
  });
});
