/** Shells that people paste commands into, by what quoting they understand. */
export type Shell = 'posix' | 'windows';

/** What no shell takes for anything but itself. */
const plain: Record<Shell, RegExp> = {
  posix: /^[\w@%+=:,./-]+$/,
  windows: /^[\w@+=:./\\-]+$/,
};

/**
 * A word as a shell takes it for one, whatever it holds. In POSIX shells nothing within single
 * quotes means anything. PowerShell and cmd.exe have nothing in common but double quotes, within
 * which a file name of Windows can hold nothing that ends them: `$` and a backtick mean something
 * to the one, `%` to the other, and neither can be kept from both.
 */
export function quotedForShell(word: string, shell: Shell): string {
  if (plain[shell].test(word)) return word;
  if (shell === 'posix') return `'${word.replaceAll("'", "'\\''")}'`;
  return `"${word}"`;
}
