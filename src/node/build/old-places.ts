import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { whileOwning } from '../ownership';
import { placeName, placeNote } from './place-names';

/** Milliseconds after its last build in which a place is kept: four weeks. */
const keeping = 28 * 24 * 3_600_000;

/** Removes the build places that nobody has built in for long, apart from that of a build. */
export async function dropOldPlaces(places: string, present: string): Promise<void> {
  for (const name of await readdir(places)) {
    if (!placeName.test(name) || name.startsWith(present)) continue;
    const folder = join(places, name);
    try {
      // Every build writes and removes its note in the folder, which dates it.
      if (Date.now() - (await stat(folder)).mtimeMs < keeping) continue;
      const remove = () => rm(folder, { recursive: true, force: true });
      await whileOwning(placeNote(folder), 'removing', { onOwned: keep }, remove);
    } catch {
      // A place that is in use, or cannot be removed, keeps no build from its work.
    }
  }
}

function keep(): never {
  throw new Error('A build uses this place.');
}
