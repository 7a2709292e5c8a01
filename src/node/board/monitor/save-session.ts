import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { replaceFile } from '../../files';
import { readSession } from './read-session';
import type { SessionRecorder } from './session-recorder';

/**
 * Saves the recording so far under a name that the user has chosen, atomically: as a recorded
 * session under a name that ends in .jsonl, else the bytes that the board sent.
 *
 * @throws StarmindError `disk.full` or `run.unwritable` when the copy cannot be written
 */
export async function saveSession(recorder: SessionRecorder, path: string): Promise<void> {
  // Save what the file has, also when the recorder could write no more to it.
  await recorder.flush().catch(() => undefined);
  const { path: recorded, bytes } = recorder;
  await replaceFile(
    path,
    // `end` is inclusive.
    isSession(path) ? createReadStream(recorded, { end: bytes - 1 }) : dataOf(recorded, bytes),
  );
}

/** As saveSession, for a finished recording. */
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
