import * as fs from 'node:fs';
import { lstat, open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { Problem } from '../../core/problem';
import { nearNames } from '../near-names';
import { dataErrors } from './data-errors';

/** Files that count as text in a folder. */
const textEndings = ['.txt', '.md', '.text'];

/** Files of a source, each of them once. */
export interface FoundFiles {
  files: string[];
  /** Files that were skipped, and why. */
  problems: Problem[];
}

/**
 * The files of a source, sorted: a file, a folder with everything below it, or a glob. A file that
 * has several names, by links, counts once, under the first of them.
 *
 * @param path field of model.json that sets the source
 */
export async function findFiles(
  source: string,
  baseFolder: string,
  path: string,
): Promise<FoundFiles> {
  const place = resolve(baseFolder, source);
  const found = await lookAt(place, source);
  if (found?.isDirectory()) {
    const files = await globFiles(`**/*{${textEndings.join(',')}}`, place, path);
    if (files.files.length === 0) throw dataErrors.noTextFiles(source, textEndings);
    return files;
  }
  if (found && !found.isFile()) throw dataErrors.noFile(source);
  if (found) return { files: [place], problems: [] };
  if (isDynamicPattern(source)) {
    const files = await globFiles(source.replaceAll('\\', '/'), baseFolder, path);
    if (files.files.length === 0) throw dataErrors.noMatch(source);
    return files;
  }
  const siblings = await readdir(dirname(place)).catch(() => []);
  const near = nearNames(basename(place), siblings).map((name) => join(dirname(source), name));
  throw dataErrors.missing(source, near);
}

/** Stats a path; undefined when nothing is there, not even a broken link. */
async function lookAt(place: string, source: string): Promise<fs.Stats | undefined> {
  try {
    return await stat(place);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const isLink = await lstat(place).then(
      (found) => found.isSymbolicLink(),
      () => false,
    );
    if (code === 'ENOENT' && isLink) throw dataErrors.brokenLink(source);
    if (isLink || code === 'EACCES') throw dataErrors.unreadable(source, cause);
    return undefined;
  }
}

async function globFiles(pattern: string, cwd: string, path: string): Promise<FoundFiles> {
  const watched = new WatchedFileSystem();
  const files = await glob(pattern, {
    cwd,
    absolute: true,
    onlyFiles: true,
    caseSensitiveMatch: false,
    fs: watched.fs,
  });
  if (watched.unreadable) {
    throw dataErrors.unreadable(watched.unreadable.path ?? cwd, watched.unreadable);
  }
  const unique = await withoutCopies(files.sort());
  const name = (file: string): string => relative(cwd, file) || file;
  const problems = [
    ...watched.brokenLinks.map((link) =>
      passedOver(path, `${name(link)} is a link to nothing, and was passed over.`),
    ),
    ...unique.copies.map(({ file, of }) =>
      passedOver(path, `${name(file)} is the same file as ${name(of)}, and was read once.`),
    ),
  ];
  return { files: unique.files, problems };
}

function passedOver(path: string, message: string): Problem {
  return { code: 'data.passed-over', severity: 'warning', path, message };
}

/** A file system that records unreadable folders: a glob does not report them. */
class WatchedFileSystem {
  readonly brokenLinks: string[] = [];
  /** The first folder that may not be listed. */
  unreadable: NodeJS.ErrnoException | undefined;

  readonly fs = {
    readdir: ((folder: string, options: { withFileTypes: true }, done: ListDone) => {
      fs.readdir(folder, options, (error, entries) => {
        if (error) this.unreadable ??= error;
        done(error, entries);
      });
    }) as typeof fs.readdir,
    realpath: ((link: string, done: (error: Error | null, path: string) => void) => {
      fs.realpath(link, (error, path) => {
        if (error) this.brokenLinks.push(link);
        done(error, path);
      });
    }) as unknown as typeof fs.realpath,
  };
}

type ListDone = (error: NodeJS.ErrnoException | null, entries: fs.Dirent[]) => void;

async function withoutCopies(
  files: readonly string[],
): Promise<{ files: string[]; copies: { file: string; of: string }[] }> {
  const first = new Map<string, string>();
  const copies: { file: string; of: string }[] = [];
  for (const file of files) {
    const key = await identity(file);
    const of = first.get(key);
    if (of === undefined) first.set(key, file);
    else copies.push({ file, of });
  }
  return { files: [...first.values()], copies };
}

/** An identity that all names of a file share. Some network drives do not number their files. */
export async function identity(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && found.ino !== 0n ? `${found.dev}:${found.ino}` : file;
}

/** At most the first `maxBytes` of a file. `cut`: there is more. */
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
      // Read in parts: one read may not exceed 2 GB.
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
