import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Names of build places: a digest of what they are for, and a number from the second on. */
export const placeName = /^[0-9a-f]{16}(-\d+)?$/;

/** Name of the first place for these parts. */
export function nameFor(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

/** The note that names the owner of a place. */
export function placeNote(folder: string): string {
  return join(folder, 'owner.json');
}
