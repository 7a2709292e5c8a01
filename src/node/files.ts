import { realpathSync, statSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { exitCodes, StarmindError } from './starmind-error';

/** The error for a file that cannot be written; the file keeps its previous content. */
export function unwritable(path: string, cause: unknown): StarmindError {
  if (cause instanceof StarmindError) return cause;
  const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
  return new StarmindError(
    full ? 'disk.full' : 'run.unwritable',
    exitCodes.input,
    full
      ? `The disk is full; ${path} was not written.`
      : `${path} cannot be written: ${String(cause)}`,
    full
      ? 'Free some space and run the command again; what was saved before is intact.'
      : 'Check the permissions of the folder, then run the command again.',
    { cause },
  );
}

/** Name of a file that is still incomplete; no other program uses such names. */
export function temporaryNameOf(path: string): string {
  return `${path}.${randomUUID()}.tmp`;
}

/** Whether `temporaryNameOf` gives this name to one of the originals. */
export function isTemporaryOf(name: string, originals: readonly string[]): boolean {
  const [, original] = /^(.+)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.exec(name) ?? [];
  return original !== undefined && originals.includes(original);
}

/** New content of a file: whole, or in pieces when it would fill the memory. */
export type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/**
 * Replaces a file atomically, or throws and leaves it as it was: writes the content to a file
 * beside it, flushes that to the disk, and renames it.
 *
 * @throws StarmindError `disk.full` or `run.unwritable`, and errors of the content
 */
export async function replaceFile(path: string, content: FileContent): Promise<void> {
  const temporary = temporaryNameOf(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeFile(file, content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw unwritable(path, cause);
  }
}

/**
 * Replaces a file as `replaceFile` does, unless it has this content already.
 *
 * @throws StarmindError `disk.full` or `run.unwritable`
 */
export async function replaceIfChanged(path: string, content: Uint8Array): Promise<void> {
  const present = await readFile(path).catch(() => undefined);
  if (!present?.equals(content)) await replaceFile(path, content);
}

/** Kind of the entry at a path; undefined when there is none, or a parent of it is a file. */
export function kindAt(path: string): 'file' | 'folder' | 'other' | undefined {
  try {
    const found = statSync(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  } catch {
    return undefined;
  }
}

/** Whether two paths lead to one file or folder; false while one of them is not there. */
export function isSamePlace(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}
