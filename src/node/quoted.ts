import { quotedForShell } from '../core/shell';

/** A word of a command that people paste into a shell of this system. */
export function quoted(word: string): string {
  return quotedForShell(word, process.platform === 'win32' ? 'windows' : 'posix');
}
