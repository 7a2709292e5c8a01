import type { HostSystem } from './host-system';

/** Names of Windows' ports, which are no files. */
const windowsPort = /^COM\d+$/i;

export function isWindowsPort(name: string): boolean {
  return windowsPort.test(name);
}

/** Whether two names are those of one port: Windows takes them in either case. */
export function isSamePort(one: string, other: string): boolean {
  if (one === other) return true;
  return isWindowsPort(one) && one.toUpperCase() === other.toUpperCase();
}

/**
 * The name that a port is listed by, if it is listed at all: users have links to it, and macOS has
 * two names for each port (cu for those who call, tty for those who are called).
 */
export async function listedName(
  system: Pick<HostSystem, 'realPath'>,
  name: string,
): Promise<string> {
  const path = (await system.realPath(name)) ?? name;
  return path.replace(/^\/dev\/cu\./, '/dev/tty.');
}
