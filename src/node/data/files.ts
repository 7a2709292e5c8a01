import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { dataErrors } from './data-errors';
import { nearNames } from '../near-names';

/** Files that count as text in a folder. */
const textEndings = ['.txt', '.md', '.text'];

/** The files that a source means, sorted: a file, a folder with everything below it, or a glob. */
export async function findFiles(source: string, baseFolder: string): Promise<string[]> {
  const path = resolve(baseFolder, source);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) {
    const files = await globFiles(`**/*{${textEndings.join(',')}}`, path);
    if (files.length === 0) throw dataErrors.noTextFiles(source, textEndings);
    return files;
  }
  if (found) return [path];
  if (isDynamicPattern(source)) {
    const files = await globFiles(source.replaceAll('\\', '/'), baseFolder);
    if (files.length === 0) throw dataErrors.noMatch(source);
    return files;
  }
  const siblings = await readdir(dirname(path)).catch(() => []);
  const near = nearNames(basename(path), siblings).map((name) => join(dirname(source), name));
  throw dataErrors.missing(source, near);
}

async function globFiles(pattern: string, cwd: string): Promise<string[]> {
  const files = await glob(pattern, { cwd, absolute: true, onlyFiles: true });
  return files.sort();
}

/** At most the first `maxBytes` of a file. `cut` says that there is more. */
export async function readStart(
  path: string,
  maxBytes: number,
): Promise<{ bytes: Buffer; cut: boolean }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.min(size, maxBytes));
    let length = 0;
    while (length < bytes.length) {
      // In parts: one read may not take more than 2 GB.
      const part = Math.min(bytes.length - length, readBytes);
      const { bytesRead } = await handle.read(bytes, length, part, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return { bytes: bytes.subarray(0, length), cut: size > length };
  } catch (cause) {
    throw dataErrors.unreadable(path, cause);
  } finally {
    await handle?.close();
  }
}

const readBytes = 1 << 26;
