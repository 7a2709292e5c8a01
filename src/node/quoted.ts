import { quotedForShell } from '../core/shell';

/** A word quoted for a command that the user pastes into a shell of this system. */
export function quoted(word: string): string {
  return quotedForShell(word, process.platform === 'win32' ? 'windows' : 'posix');
}
