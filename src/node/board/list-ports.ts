import { findBoards } from './find/find-boards';
import { hostSystem, type HostSystem } from './find/host-system';
import { isSamePort, isWindowsPort } from './find/port-name';

/** A serial port that may lead to a board. */
export interface ListedPort {
  /** For example /dev/ttyACM0 or COM3. */
  path: string;
  serialNumber?: string | undefined;
}

/**
 * The serial ports of Picos, and those that may be wired to one.
 *
 * @throws StarmindError `board.serialport`, or the operating system's error
 */
export async function listSerialPorts(system: HostSystem = hostSystem()): Promise<ListedPort[]> {
  const { boards, problems } = await findBoards(system);
  if (problems[0]) throw problems[0];
  return boards.flatMap((board) =>
    'port' in board ? [{ path: board.port, serialNumber: board.serialNumber }] : [],
  );
}

/** Whether a name means this port: its path, or its serial number in either case. */
export function isCalled({ path, serialNumber }: ListedPort, name: string): boolean {
  return isSamePort(path, name) || serialNumber === name.toUpperCase();
}

/**
 * The port of a board.
 *
 * @param name its serial number, or a port, which the system need not list
 * @throws StarmindError `board.serialport`, or the operating system's error
 */
export async function portCalled(name: string, system?: HostSystem): Promise<string> {
  if (isWindowsPort(name) || /[\\/]/.test(name)) return name;
  const ports = await listSerialPorts(system);
  return ports.find((port) => isCalled(port, name))?.path ?? name;
}
