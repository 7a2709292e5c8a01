import { findProgram } from './find';
import { runProgram } from '../process';

export interface InstallOptions {
  signal?: AbortSignal;
  /** Receives every command before it runs, and its output. */
  onLine?: (line: string) => void;
}

export function hasApt(): boolean {
  return process.platform === 'linux' && findProgram('apt-get') !== undefined;
}

/**
 * Command prefix for apt-get: none as root, sudo where it needs no password; undefined: neither.
 */
async function privilege(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  const sudo = findProgram('sudo');
  if (!sudo) return undefined;
  const { status } = await runProgram(sudo, ['-n', 'true']);
  return status === 0 ? [sudo, '-n'] : undefined;
}

/** Runs a command and reports its output. */
export async function runShown(
  command: readonly string[],
  { signal, onLine }: InstallOptions,
): Promise<boolean> {
  const [program = '', ...args] = command;
  onLine?.(`$ ${command.join(' ')}`);
  const { status } = await runProgram(program, args, { signal, onLine });
  return status === 0;
}

/**
 * Installs Debian packages, with fresh package lists only when the first try needs them. Returns
 * false when that is not possible here.
 */
export async function aptInstall(
  packages: readonly string[],
  options: InstallOptions,
): Promise<boolean> {
  const before = hasApt() ? await privilege() : undefined;
  if (!before) return false;
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  const install = [
    ...[...before, ...environment, 'apt-get', 'install', '--yes', '--no-install-recommends'],
    ...packages,
  ];
  if (await runShown(install, options)) return true;
  return (
    (await runShown([...before, 'apt-get', 'update'], options)) &&
    (await runShown(install, options))
  );
}
