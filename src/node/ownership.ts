import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
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
  /** Name of the present run of the system, where it has one. */
  boot?: string | undefined;
  /**
   * Start time of the process in the system's own count, where the system reports it: ids are
   * reused.
   */
  processStart: string | undefined;
}

/** Milliseconds after which an incomplete note counts as the trace of a crash. */
const patience = 2000;

/** Milliseconds after which taking over a note has taken too long. */
const lockAge = 10_000;

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
    boot: bootId(),
    processStart: processStatus(process.pid).start,
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

/** Writes the note when nobody has it, or when its owner is gone. */
async function take(note: string, onOwned: (owner: Owner) => void, owner: Owner): Promise<void> {
  const whole = temporaryNameOf(note);
  const deadline = Date.now() + patience;
  try {
    // Written whole under another name: nobody ever reads half a note.
    await writeFile(whole, JSON.stringify(owner));
    while (!(await appears(whole, note))) {
      const present = await readNote(note);
      if (!present) continue;
      if (present.owner && isAlive(present.owner)) onOwned(present.owner);
      // A note that is not whole may be on its way, where files have one name each.
      else if (present.owner || Date.now() >= deadline) {
        if (await replaces(whole, note, present.text)) return;
      }
      await wait(interval);
    }
  } catch (cause) {
    // Errors of `onOwned` go on as they are.
    throw codeOf(cause) === undefined ? cause : unwritable(note, cause);
  } finally {
    await rm(whole, { force: true });
  }
}

/** Gives the note its name unless it is taken. */
async function appears(whole: string, note: string): Promise<boolean> {
  try {
    await link(whole, note).catch(async (cause: unknown) => {
      if (codeOf(cause) === 'EEXIST') throw cause;
      // A file system on which files have one name each.
      await writeFile(note, await readFile(whole), { flag: 'wx' });
    });
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw cause;
  }
}

/** Replaces a note whose owner is gone: one process at a time, and only if it is still that note. */
async function replaces(whole: string, note: string, stale: string): Promise<boolean> {
  const lock = `${note}.taking`;
  try {
    await writeFile(lock, '', { flag: 'wx' });
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw cause;
    const found = await stat(lock).catch(() => undefined);
    // Its process was killed in the few milliseconds that this takes.
    if (found && Date.now() - found.mtimeMs > lockAge) await rm(lock, { force: true });
    return false;
  }
  try {
    if ((await readNote(note))?.text !== stale) return false;
    await rename(whole, note);
    return true;
  } finally {
    await rm(lock, { force: true });
  }
}

function codeOf(cause: unknown): string | undefined {
  return (cause as NodeJS.ErrnoException).code;
}

async function readNote(
  note: string,
): Promise<{ text: string; owner: Owner | undefined } | undefined> {
  const text = await readFile(note, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return { text, owner: isOwner(value) ? value : undefined };
  } catch {
    return { text, owner: undefined };
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false;
  const { activity, pid, host, since, token } = value as Partial<Record<keyof Owner, unknown>>;
  const texts = [activity, host, token].every((each) => typeof each === 'string');
  return texts && typeof pid === 'number' && typeof since === 'number';
}

/**
 * Whether an owner still lives. Nothing shows whether a process on another computer that shares the
 * folder does: its note counts.
 */
function isAlive({ host, boot, pid, since, processStart }: Owner): boolean {
  if (host !== hostname()) return true;
  // Without the number of the start of the system, the clock tells what was before it.
  if (boot !== undefined ? boot !== bootId() : since < Date.now() - uptime() * 1000) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user lives as well.
    if (codeOf(error) === 'ESRCH') return false;
  }
  const { state, start } = processStatus(pid);
  if (state === 'Z' || state === 'X') return false;
  return processStart === undefined || start === processStart;
}

/** Names the present run of the system, where it has such a name. */
function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * Fields 3 and 22 of /proc/PID/stat: the state, in which Z and X stand for processes that have ended,
 * and the clock ticks from the start of Linux to that of the process.
 */
function processStatus(pid: number): { state?: string | undefined; start?: string | undefined } {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], start: fields[19] };
  } catch {
    return {};
  }
}
