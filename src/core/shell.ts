/** Shells that the user pastes commands into, by their rules of quoting. */
export type Shell = 'posix' | 'windows';

/** Words that every shell reads literally. */
const plain: Record<Shell, RegExp> = {
  posix: /^[\w@%+=:,./-]+$/,
  windows: /^[\w@+=:./\\-]+$/,
};

/**
 * Quotes a word so that a shell reads it literally. In POSIX shells no character within single
 * quotes has a special meaning. PowerShell and cmd.exe share only double quotes, within which a
 * file name of Windows can hold no character that ends them: `$` and a backtick are special to the
 * one, `%` to the other, and no quoting disables both.
 */
export function quotedForShell(word: string, shell: Shell): string {
  if (plain[shell].test(word)) return word;
  if (shell === 'posix') return `'${word.replaceAll("'", "'\\''")}'`;
  return `"${word}"`;
}
