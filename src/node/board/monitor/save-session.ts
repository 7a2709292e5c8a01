import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { replaceFile } from '../../files';
import { readSession } from './read-session';
import type { SessionRecorder } from './session-recorder';

/**
 * Saves what was recorded so far under a name of the user's choice, in one go: as a recorded session
 * under a name that ends with .jsonl, else the bytes that came from the board.
 *
 * @throws StarmindError `disk.full` or `run.unwritable` when the copy cannot be written
 */
export async function saveSession(recorder: SessionRecorder, path: string): Promise<void> {
  // What is in the file can be saved, also when nothing more could be written to it.
  await recorder.flush().catch(() => undefined);
  const { path: recorded, bytes } = recorder;
  await replaceFile(
    path,
    // `end` is the last byte that is read.
    isSession(path) ? createReadStream(recorded, { end: bytes - 1 }) : dataOf(recorded, bytes),
  );
}

/** As saveSession, for a recording that nobody writes to any more. */
export async function saveRecording(recorded: string, path: string): Promise<void> {
  await replaceFile(path, isSession(path) ? createReadStream(recorded) : dataOf(recorded));
}

function isSession(path: string): boolean {
  return extname(path).toLowerCase() === '.jsonl';
}

async function* dataOf(path: string, bytes?: number): AsyncGenerator<Uint8Array> {
  for await (const entry of readSession(path, bytes)) {
    if (entry.kind === 'data') yield entry.bytes;
  }
}
