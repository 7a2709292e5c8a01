import type { HostSystem } from './host-system';

/** Names of ports on Windows, where a port is not a file. */
const windowsPort = /^COM\d+$/i;

export function isWindowsPort(name: string): boolean {
  return windowsPort.test(name);
}

/** Whether two names mean the same port: Windows ignores the case. */
export function isSamePort(one: string, other: string): boolean {
  if (one === other) return true;
  return isWindowsPort(one) && one.toUpperCase() === other.toUpperCase();
}

/**
 * The name under which the system lists a port, if it does: users have links to ports, and macOS
 * has two names for each (cu to call out, tty to be called).
 */
export async function listedName(
  system: Pick<HostSystem, 'realPath'>,
  name: string,
): Promise<string> {
  const path = (await system.realPath(name)) ?? name;
  return path.replace(/^\/dev\/cu\./, '/dev/tty.');
}
