import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryNameOf, unwritable } from './files';

/** The process that owns a resource at the moment, as read from the note beside it. */
export interface Owner {
  /** The owner's activity. */
  activity: string;
  pid: number;
  host: string;
  /** Milliseconds since the epoch. */
  since: number;
  /** Distinguishes this ownership from every other. */
  token: string;
  /**
   * Start time of the process in the system's own count, where the system reports it: ids are
   * reused.
   */
  processStart: string | undefined;
}

/** Milliseconds after which an incomplete note counts as the trace of a crash. */
const patience = 2000;

/** Milliseconds between two looks at a note that is incomplete, or whose owner is still working. */
const interval = 50;

/**
 * Runs `work` while no other task, in this process or another, has the same note.
 *
 * @param note path of the note; its folder must exist
 * @param onOwned called while another process owns it; throws, or returns to wait a little
 * @throws StarmindError `run.unwritable`, `disk.full`, and errors of `onOwned` and `work`
 */
export async function whileOwning<T>(
  note: string,
  activity: string,
  onOwned: (owner: Owner) => void,
  work: () => Promise<T>,
): Promise<T> {
  const token = randomUUID();
  await take(note, onOwned, {
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
    // The user may have deleted the note, and another process may have created its own.
    if (present?.owner?.token === token) await rm(note, { force: true });
  }
}

/** The present owner; undefined when there is none, or its process is gone. */
export async function presentOwner(note: string): Promise<Owner | undefined> {
  const owner = (await readNote(note))?.owner;
  return owner && isAlive(owner) ? owner : undefined;
}

/** Describes a process so that the user can find it. */
export function processOf({ host, pid }: Owner): string {
  return host === hostname() ? `process ${pid}` : `process ${pid} of the computer ${host}`;
}

/** Whether this computer can check if the owner is gone. */
export function isOfThisComputer({ host }: Owner): boolean {
  return host === hostname();
}

async function take(note: string, onOwned: (owner: Owner) => void, owner: Owner): Promise<void> {
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
    if (present.owner && isAlive(present.owner)) {
      onOwned(present.owner);
      await wait(interval);
    } else if (!present.owner && Date.now() < deadline) {
      // Another process may be writing it just now.
      await wait(interval);
    } else {
      await removeStale(note, present.text);
    }
  }
}

/**
 * Removes a note whose owner is gone. Two processes may find it at once: the late one may have
 * grabbed the other's new note, and then puts it back.
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
 * Whether an owner still lives. A process on another computer that shares the folder cannot be
 * checked: it counts as alive while its note is there.
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
