import { mkdir, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../cache';
import { whileOwning, type Owner } from '../ownership';
import { exitCodes, StarmindError } from '../starmind-error';
import { dropOldPlaces } from './old-places';
import { nameFor, placeNote } from './place-names';
import { waitForBuild, type WaitOptions } from './wait-for-build';

/**
 * Paths that CMake, Ninja, the pico-sdk's scripts and the shell that they start read as one word.
 * The SDK quotes few of its commands: the shell would execute a word behind & in the name of a
 * folder.
 */
const harmless = /^[\p{L}\p{N} ._~+@=:/\\-]*$/u;

/** Whether firmware can be built with this path in the commands. */
export function isBuildablePath(path: string): boolean {
  return harmless.test(path);
}

/** @throws StarmindError `build.path` naming the path and its forbidden characters */
export function requireBuildablePath(what: string, path: string): void {
  if (isBuildablePath(path)) return;
  const odd = [...new Set([...path].filter((character) => !harmless.test(character)))];
  const named = odd.map((character) => (character === '\t' ? 'a tab' : character)).join(' ');
  throw new StarmindError(
    'build.path',
    exitCodes.input,
    `Firmware cannot be built with ${what} in ${JSON.stringify(path)}: its build scripts stumble over ${named}.`,
    'Move it to a folder whose path has only letters, digits, spaces and . _ - + @ = ~.',
  );
}

/**
 * Milliseconds for which a place stays as it is after a build in it was killed: Ninja and its
 * compilers may go on there for a while, and nothing tells when the last of them has ended.
 */
const rest = 600_000;

const resting = new Error('A build in this place was killed.');

/**
 * Lends the folder in which CMake builds the firmware for a board: one for all models, so that the
 * SDK is compiled once, and never in the user's own folders, whose names may hold anything. Only
 * one build has it at a time; the next waits. After a build that was killed, another folder takes
 * its place for a while.
 *
 * @param parts what the output depends on apart from the model: sources, SDK, board
 * @throws StarmindError `build.path` when no path here can be built in, `interrupted`
 */
export async function inBuildPlace<T>(
  parts: readonly string[],
  options: WaitOptions,
  build: (folder: string) => Promise<T>,
): Promise<T> {
  const name = nameFor(parts);
  const places = await placesFolder();
  const others = { onOwned: waitForBuild(options), onGone: letRest };
  for (let number = 1; ; number++) {
    const folder = join(places, number === 1 ? name : `${name}-${number}`);
    await mkdir(folder, { recursive: true });
    await dropOldPlaces(places, name);
    try {
      return await whileOwning(placeNote(folder), 'building', others, () => build(folder));
    } catch (error) {
      if (error !== resting) throw error;
    }
  }
}

function letRest({ since }: Owner): void {
  if (Date.now() - since < rest) throw resting;
}

async function placesFolder(): Promise<string> {
  const cache = cacheFolder('build');
  if (isBuildablePath(cache)) return cache;
  const { uid, username } = userInfo();
  const temporary = join(tmpdir(), `starmind-pico-build-${uid < 0 ? username : uid}`);
  requireBuildablePath('the folder for temporary files', temporary);
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  // Another user may have made a folder of this name there.
  if (uid >= 0 && (await stat(temporary)).uid !== uid) requireBuildablePath('the cache', cache);
  return temporary;
}
