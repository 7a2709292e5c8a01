import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryNameOf, unwritable } from './files';
import { sightOf, thisProcess, type ProcessIdentity } from './process-identity';

/** The process that owns a resource at the moment, as read from the note beside it. */
export interface Owner extends ProcessIdentity {
  /** The owner's activity. */
  activity: string;
  /** Distinguishes this ownership from every other. */
  token: string;
}

/** How to treat the other owners of a note. */
export interface OtherOwners {
  /** Called while another process owns it; throws, or returns to wait a little. */
  onOwned: (owner: Owner) => void;
  /** Called before the note of a process that is gone is removed; may throw. */
  onGone?: (owner: Owner) => void;
}

/** Milliseconds after which an incomplete note counts as the trace of a crash. */
const patience = 2000;

/** Milliseconds between two looks at a note that is incomplete, or whose owner is still working. */
const interval = 50;

/**
 * Runs `work` while no other task, in this process or another, has the same note.
 *
 * @param note path of the note; its folder must exist
 * @throws StarmindError `run.unwritable`, `disk.full`, and errors of `others` and `work`
 */
export async function whileOwning<T>(
  note: string,
  activity: string,
  others: OtherOwners,
  work: () => Promise<T>,
): Promise<T> {
  const owner = { ...thisProcess(), activity, token: randomUUID() };
  await take(note, others, owner);
  try {
    return await work();
  } finally {
    const present = await readNote(note).catch(() => undefined);
    // The user may have deleted the note, and another process may have created its own.
    if (present?.owner?.token === owner.token) await rm(note, { force: true });
  }
}

/** The present owner; undefined when there is none, or its process is gone. */
export async function presentOwner(note: string): Promise<Owner | undefined> {
  const owner = (await readNote(note))?.owner;
  return owner && isAlive(owner) ? owner : undefined;
}

/** Describes a process so that the user can find it. */
export function processOf(owner: Owner): string {
  if (!isHidden(owner)) return `process ${owner.pid}`;
  const place =
    owner.host === hostname() ? 'a container' : `the computer or container ${owner.host}`;
  return `process ${owner.pid} of ${place}`;
}

/** Whether nobody can tell here if the owner is gone: it counts as alive while its note is there. */
export function isHidden(owner: Owner): boolean {
  return sightOf(owner) === 'hidden';
}

function isAlive(owner: Owner): boolean {
  return sightOf(owner) !== 'gone';
}

async function take(note: string, others: OtherOwners, owner: Owner): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const present = await readNote(note);
    if (!present) {
      if (await create(note, owner)) return;
    } else if (present.owner && isAlive(present.owner)) {
      others.onOwned(present.owner);
      await wait(interval);
    } else if (!present.owner && Date.now() < deadline) {
      // Another process may be writing it just now, where files cannot be linked.
      await wait(interval);
    } else {
      if (present.owner) others.onGone?.(present.owner);
      await removeStale(note, present.text, others, owner);
    }
  }
}

/** Creates a note, whole from the beginning. Returns whether this process did. */
async function create(note: string, owner: Owner): Promise<boolean> {
  const text = JSON.stringify(owner);
  const whole = temporaryNameOf(note);
  try {
    await writeFile(whole, text, { flag: 'wx' });
    await link(whole, note).catch((cause: unknown) => {
      // The owner of a run removes such temporary files: try again.
      if (['EEXIST', 'ENOENT'].includes(codeOf(cause))) throw cause;
      // This file system has no links.
      return writeFile(note, text, { flag: 'wx' });
    });
    return (await readNote(note))?.text === text;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST' || isLinkOfNothing(cause)) return false;
    throw unwritable(note, cause);
  } finally {
    await rm(whole, { force: true });
  }
}

/**
 * Removes a note whose owner is gone. A second note lets one process at a time do so, and that one
 * looks again: another may have removed the stale note before, and taken the place.
 */
async function removeStale(
  note: string,
  stale: string,
  others: OtherOwners,
  owner: Owner,
): Promise<void> {
  const claim = `${note}.takeover`;
  await take(claim, others, owner);
  try {
    if ((await readNote(note))?.text === stale) await rm(note, { force: true });
  } catch (cause) {
    throw unwritable(note, cause);
  } finally {
    await rm(claim, { force: true });
  }
}

/** Undefined without a note; a note without owner is incomplete. */
async function readNote(
  note: string,
): Promise<{ text: string; owner: Owner | undefined } | undefined> {
  let text: string;
  try {
    text = await readFile(note, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw unwritable(note, cause);
  }
  try {
    const value: unknown = JSON.parse(text);
    return { text, owner: isOwner(value) ? value : undefined };
  } catch {
    return { text, owner: undefined };
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, since, activity, host, token, ...rest } = value as Record<string, unknown>;
  const { machine, boot, pidSpace, start } = rest;
  return (
    Number.isInteger(pid) &&
    (pid as number) > 0 &&
    Number.isFinite(since) &&
    [activity, host, token].every((field) => typeof field === 'string') &&
    [machine, boot, pidSpace, start].every((field) =>
      ['undefined', 'string'].includes(typeof field),
    )
  );
}

function isLinkOfNothing(cause: unknown): boolean {
  const { code, syscall } = cause as NodeJS.ErrnoException;
  return code === 'ENOENT' && syscall === 'link';
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? '';
