import { open, type FileHandle } from 'node:fs/promises';
import { StarmindError } from '../../starmind-error';
import {
  notASession,
  parseEntry,
  sessionHeader,
  sessionUnreadable,
  type SessionEntry,
} from './recorded-session';

/**
 * The entries of a recorded session, in their order. Skips damaged lines, such as a truncated last
 * one.
 *
 * @param bytes of the file to read at most, for a file that is still being written
 * @throws StarmindError `session.unreadable`, `session.invalid`
 */
export async function* readSession(path: string, bytes = Infinity): AsyncGenerator<SessionEntry> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    await checkHeader(file, path);
    const start = sessionHeader.length;
    if (bytes <= start) return;
    // `end` is inclusive.
    for await (const line of file.readLines({ start, end: bytes - 1 })) {
      const entry = parseEntry(line);
      if (entry) yield entry;
    }
  } catch (error) {
    throw error instanceof StarmindError ? error : sessionUnreadable(path, error);
  } finally {
    await file?.close();
  }
}

/** Reads only the beginning: other files may be large, and have no lines. */
async function checkHeader(file: FileHandle, path: string): Promise<void> {
  const expected = Buffer.from(sessionHeader);
  const found = Buffer.alloc(expected.length);
  await file.read(found, 0, found.length, 0);
  if (!found.equals(expected)) throw notASession(path);
}
