import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Folder for downloads and tools that are worth keeping between projects. Follows the platform's
 * convention; STARMIND_CACHE overrides it.
 */
export function cacheFolder(...parts: string[]): string {
  return join(cacheRoot(), ...parts);
}

function cacheRoot(): string {
  if (process.env.STARMIND_CACHE) return process.env.STARMIND_CACHE;
  if (process.platform === 'win32' && process.env.LOCALAPPDATA) {
    return join(process.env.LOCALAPPDATA, 'starmind-pico');
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'starmind-pico');
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'starmind-pico');
}
