import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unwritable } from '../../files';

/** Recordings to keep beside a new one: a user who wants more saves them. */
const kept = 9;

const ending = '.jsonl';

/**
 * Makes room for a new recording by deleting the oldest. Resolves with the path of the new one.
 *
 * @param folder of recordings and nothing else; created when missing
 * @throws StarmindError `disk.full` or `run.unwritable`
 */
export async function newSessionFile(folder: string, now = new Date()): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    // Their names are their times.
    const names = (await readdir(folder)).filter((name) => name.endsWith(ending)).sort();
    for (const name of names.slice(0, -kept)) await rm(join(folder, name), { force: true });
  } catch (cause) {
    throw unwritable(folder, cause);
  }
  return join(folder, `${now.toISOString().replace(/[:.]/g, '-')}${ending}`);
}
