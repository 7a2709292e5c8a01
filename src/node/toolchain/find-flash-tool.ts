import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPrograms } from './find';

/** A program that can flash a board. */
export interface FlashTool {
  path: string;
  /** Folder of OpenOCD's scripts, where they lie beside the program and must be named. */
  scripts?: string;
}

/** The tool if it is installed: on the PATH, or the newest of the official Pico extension. */
export function findFlashTool(
  name: 'picotool' | 'openocd',
  home = homedir(),
): FlashTool | undefined {
  const root = join(home, '.pico-sdk', name);
  const versions = existsSync(root) ? readdirSync(root) : [];
  versions.sort((one, other) => other.localeCompare(one, 'en', { numeric: true }));
  const folders = versions.flatMap((version) => [join(root, version, name), join(root, version)]);
  const [path] = findPrograms(name, folders);
  if (path === undefined) return undefined;
  const scripts = join(dirname(realpathSync(path)), 'scripts');
  return { path, ...(name === 'openocd' && existsSync(scripts) && { scripts }) };
}
