import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findPrograms } from '../toolchain/find';

/** A program that flashes, if it is installed: on the PATH, or by the official Pico extension. */
export function findFlashTool(name: 'picotool' | 'openocd'): string | undefined {
  const root = join(homedir(), '.pico-sdk', name);
  const versions = existsSync(root) ? readdirSync(root) : [];
  const folders = versions.flatMap((version) => [join(root, version, name), join(root, version)]);
  return findPrograms(name, folders)[0];
}
