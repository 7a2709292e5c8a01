import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { packageRoot } from '../assets';

/** Sources of the program on a board, apart from its model and model_config.h. */
const sources = ['cmake', 'engine', 'app', 'port/rp2040'];

/** Hexadecimal digits that are enough to distinguish programs. */
const digits = 16;

let known: Promise<string> | undefined;

/**
 * Digest of the firmware's sources, which a board reports if its program was built from them. It
 * distinguishes programs of one version that were built from different sources.
 */
export function programHash(): Promise<string> {
  known ??= hashSources(join(packageRoot(), 'firmware'));
  return known;
}

async function hashSources(folder: string): Promise<string> {
  const inside = await Promise.all(sources.map((source) => filesIn(folder, source)));
  const files = ['CMakeLists.txt', ...inside.flat()].sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(await readFile(join(folder, file)));
  return hash.digest('hex').slice(0, digits);
}

/** Files below a folder of the firmware, relative to the firmware, with the same names everywhere. */
async function filesIn(firmware: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(firmware, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(firmware, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
