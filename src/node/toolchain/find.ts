import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { homedir } from 'node:os';
import { runProgram } from '../process';

/** All paths of a program in the PATH (and in `more` folders), in their order. */
export function findPrograms(name: string, more: readonly string[] = []): string[] {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...more].filter(Boolean);
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  return folders
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .filter(isExecutable);
}

export function findProgram(name: string): string | undefined {
  return findPrograms(name)[0];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** First version number that a program prints for --version; undefined when it does not run. */
export async function programVersion(file: string): Promise<string | undefined> {
  const ended = await runProgram(file, ['--version']).catch(() => undefined);
  return ended?.status === 0 ? /\d+\.\d+(\.\d+)?/.exec(ended.output)?.[0] : undefined;
}

/** Whether a dotted version is `least` or later. */
export function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0;
}

/** Folders in which the official Pico extension keeps its tools. */
export function officialExtensionFolders(): string[] {
  const root = join(homedir(), '.pico-sdk');
  return ['toolchain', 'cmake', 'ninja'].flatMap((kind) => {
    const folder = join(root, kind);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((version) => [
      join(folder, version, 'bin'),
      join(folder, version),
    ]);
  });
}
