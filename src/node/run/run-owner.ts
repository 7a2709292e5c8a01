import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryNameOf, unwritable } from '../files';
import { exitCodes, StarmindError } from '../starmind-error';
import type { RunFolder } from './folder';

/** What changes the files of a run. */
export type Activity = 'training' | 'building';

/** The process that a run belongs to at the moment, as its folder notes it. */
interface Owner {
  activity: Activity;
  pid: number;
  host: string;
  /** Milliseconds since the epoch. */
  since: number;
  /** Tells this ownership from every other. */
  token: string;
  /** Start of the process in the system's own count, where the system tells it: ids are reused. */
  processStart: string | undefined;
}

/** Milliseconds after which a note that was never written whole is taken for a crash. */
const patience = 2000;

/**
 * Does something with a run that nothing else may do at the same time. The folder has to be there.
 *
 * @throws StarmindError `run.busy` when a process that lives has the run, `run.unwritable`,
 *   `disk.full`, and what `work` throws
 */
export async function whileOwning<T>(
  run: RunFolder,
  activity: Activity,
  work: () => Promise<T>,
): Promise<T> {
  const note = noteOf(run);
  const token = randomUUID();
  await take(run, note, {
    activity,
    pid: process.pid,
    host: hostname(),
    since: Date.now(),
    token,
    processStart: processStart(process.pid),
  });
  try {
    return await work();
  } finally {
    const present = await readNote(note);
    // Somebody may have deleted the note, and another process taken the run.
    if (present?.owner?.token === token) await rm(note, { force: true });
  }
}

/**
 * What reads a run calls this first: while it is trained, its files are of several moments.
 *
 * @throws StarmindError `run.busy`
 */
export async function requireNoTraining(run: RunFolder): Promise<void> {
  const owner = (await readNote(noteOf(run)))?.owner;
  if (owner?.activity === 'training' && isAlive(owner)) throw busy(run, owner);
}

function noteOf(run: RunFolder): string {
  return join(run.path, '.owner.json');
}

async function take(run: RunFolder, note: string, owner: Owner): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      await writeFile(note, JSON.stringify(owner), { flag: 'wx' });
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(note, cause);
    }
    const present = await readNote(note);
    if (!present) continue;
    if (present.owner && isAlive(present.owner)) throw busy(run, present.owner);
    // Another process may be writing it just now.
    if (!present.owner && Date.now() < deadline) await wait(50);
    else await removeStale(note, present.text);
  }
}

/**
 * Removes a note whose owner is gone. Two processes may find it at once: the one that is late may
 * have taken hold of the other's new note, and puts it back.
 */
async function removeStale(note: string, stale: string): Promise<void> {
  const aside = temporaryNameOf(note);
  try {
    await rename(note, aside);
    const text = await readFile(aside, 'utf8');
    if (text !== stale) await writeFile(note, text, { flag: 'wx' });
    await rm(aside, { force: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw unwritable(note, cause);
  }
}

async function readNote(
  note: string,
): Promise<{ text: string; owner: Owner | undefined } | undefined> {
  const text = await readFile(note, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return { text, owner: JSON.parse(text) as Owner };
  } catch {
    return { text, owner: undefined };
  }
}

/**
 * Whether an owner still lives. Of a process on another computer, which shares the folder, nothing
 * can be known but that the note is there.
 */
function isAlive({ host, pid, since, processStart: start }: Owner): boolean {
  if (host !== hostname()) return true;
  if (since < Date.now() - uptime() * 1000) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user lives as well.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return start === undefined || processStart(pid) === start;
}

/** Field 22 of /proc/PID/stat: clock ticks from the start of Linux to that of the process. */
function processStart(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function busy(run: RunFolder, { activity, pid, host, since }: Owner): StarmindError {
  const is = activity === 'training' ? 'is being trained' : 'is being built';
  const where = host === hostname() ? `process ${pid}` : `process ${pid} of the computer ${host}`;
  const elsewhere = activity === 'training' ? ', or train into another folder with --out DIR' : '';
  const note = `${basename(noteOf(run))} in its folder`;
  return new StarmindError(
    'run.busy',
    exitCodes.input,
    `${run.path} ${is} by ${where}, since ${new Date(since).toLocaleTimeString()}.`,
    host === hostname()
      ? `Wait until it has ended, or end it${elsewhere}.`
      : `Wait until it has ended, or end it${elsewhere}. If that computer was switched off, delete ${note}.`,
  );
}
