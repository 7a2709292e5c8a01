import { findBoards } from './find/find-boards';
import { hostSystem, type HostSystem } from './find/host-system';
import { isSamePort, isWindowsPort } from './find/port-name';

/** A serial port that a board may be behind. */
export interface ListedPort {
  /** For example /dev/ttyACM0 or COM3. */
  path: string;
  serialNumber?: string | undefined;
}

/**
 * The serial ports of Picos, and those that may be wired to one.
 *
 * @throws StarmindError `board.serialport`, or what the operating system says
 */
export async function listSerialPorts(system: HostSystem = hostSystem()): Promise<ListedPort[]> {
  const { boards, problems } = await findBoards(system);
  if (problems[0]) throw problems[0];
  return boards.flatMap((board) =>
    'port' in board ? [{ path: board.port, serialNumber: board.serialNumber }] : [],
  );
}

/** Whether a board is meant by a name: its port, or its serial number in either case. */
export function isCalled({ path, serialNumber }: ListedPort, name: string): boolean {
  return isSamePort(path, name) || serialNumber === name.toUpperCase();
}

/**
 * The port of a board.
 *
 * @param name its serial number, or a port, which need not be one that can be listed
 * @throws StarmindError `board.serialport`, or what the operating system says
 */
export async function portCalled(name: string, system?: HostSystem): Promise<string> {
  if (isWindowsPort(name) || /[\\/]/.test(name)) return name;
  const ports = await listSerialPorts(system);
  return ports.find((port) => isCalled(port, name))?.path ?? name;
}
