import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import { cacheFolder } from '../node/cache';
import { unwritable } from '../node/files';
import { quoted } from '../node/quoted';
import { exitCodes, StarmindError } from '../node/starmind-error';
import { asTyped } from './as-typed';
import { outputClosed } from './closed-output';
import type { CommandContext } from './context';
import type { Output } from './output';
import { logVariable, type FromBackground, type ToBackground } from './follower';

/** Days for which the log of a process stays that nobody followed to its end. */
const keptDays = 14;

/** Last lines of a log that are shown after a crash. */
const shownLines = 20;

/**
 * Runs this very command line again as a process that outlives the terminal and this process, shows
 * its output here, and ends with its exit code. Ctrl+C interrupts it; whatever else ends this
 * process, or closes its output, leaves the other one at work.
 *
 * @param option of the command line that asked for this, which the other process goes without
 * @throws StarmindError `background.crashed` when it ends without saying how, `disk.full`
 */
export async function inBackground(
  { output, signal }: CommandContext,
  option: string,
): Promise<void> {
  const log = await newLog();
  const child = start(option, log);
  const interrupt: ToBackground = 'interrupt';
  let hasTold = false;
  child.on('message', (message: FromBackground) => {
    if (message.kind === 'progress') output.progress(message.line);
    else if (message.kind === 'write') output.relay(message.stream, message.text);
    else hasTold = true;
  });
  const left = new Promise<'left'>((resolve) => {
    const onAbort = () => {
      if (signal.reason === outputClosed) resolve('left');
      else if (child.connected) child.send(interrupt, () => undefined);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  const end = await Promise.race([ended(child), left]);
  if (end === 'left') {
    child.unref();
    return child.disconnect();
  }
  if (!hasTold) throw await crashed(end, log);
  await rm(log, { force: true });
  process.exitCode = end.code ?? exitCodes.input;
}

/** Lines that say how to follow and to end a process in the background, in a terminal. */
export function howToFollow({ isInEditor }: Output, run: string, log: string): string[] {
  if (isInEditor) {
    return ['This training goes on when the window is closed; its page watches and ends it.'];
  }
  const watch =
    process.platform === 'win32' ? `Get-Content -Wait ${quoted(log)}` : `tail -f ${quoted(log)}`;
  return [
    'This training goes on when its terminal is closed.',
    `Watch it then:  ${watch}`,
    `Stop and keep:  ${asTyped(`starmind ask ${quoted(run)} stop`)}`,
  ];
}

function start(option: string, log: string): ChildProcess {
  const file = openSync(log, 'a');
  try {
    const args = process.argv.slice(1).filter((argument) => argument !== option);
    return spawn(process.execPath, [...process.execArgv, ...args], {
      // A session of its own on Unix, and on Windows a console and a job of its own: whatever
      // closes the terminal does not reach it.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', file, file, 'ipc'],
      env: {
        ...process.env,
        [logVariable]: log,
        ...(pc.isColorSupported && { FORCE_COLOR: '1' }),
      },
    });
  } finally {
    closeSync(file);
  }
}

/** Waits until a process has ended and all that it told has arrived. */
async function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  const read = new Promise<void>((resolve) => child.once('disconnect', resolve));
  const end = await new Promise<{ code: number | null; signal: string | null }>(
    (resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    },
  );
  await read;
  return end;
}

async function crashed(
  { code, signal }: { code: number | null; signal: string | null },
  log: string,
): Promise<StarmindError> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n');
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
  return new StarmindError(
    'background.crashed',
    exitCodes.input,
    `The process in the background was ended ${how}. Its last lines:\n${lines.slice(-shownLines).join('\n')}`,
    `Run it again; train --resume continues from the last checkpoint. Its log is ${log}.`,
  );
}

/** The path of a log that no other process has; removes old ones. */
async function newLog(): Promise<string> {
  const folder = cacheFolder('trainings');
  try {
    await mkdir(folder, { recursive: true });
    const oldest = Date.now() - keptDays * 24 * 3600 * 1000;
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const { mtimeMs } = await stat(path);
      if (mtimeMs < oldest) await rm(path, { force: true });
    }
  } catch (cause) {
    throw unwritable(folder, cause);
  }
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  return join(folder, `${time}-${process.pid}.log`);
}
