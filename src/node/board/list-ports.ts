import { findBoards } from './find/find-boards';
import { hostSystem, type HostSystem } from './find/host-system';

/** A serial port behind which there is a Pico, by what USB says. */
export interface PicoPort {
  /** For example /dev/ttyACM0 or COM3. */
  path: string;
  serialNumber?: string | undefined;
}

/**
 * The serial ports that look like Picos.
 *
 * @throws StarmindError `board.serialport`, or what the operating system says
 */
export async function listPicoPorts(system: HostSystem = hostSystem()): Promise<PicoPort[]> {
  const { boards, problems } = await findBoards(system);
  if (problems[0]) throw problems[0];
  return boards.flatMap((board) =>
    board.kind === 'serial' ? [{ path: board.port, serialNumber: board.serialNumber }] : [],
  );
}

/** Whether a board is meant by a name: its port, or its serial number in either case. */
export function isCalled({ path, serialNumber }: PicoPort, name: string): boolean {
  return path === name || serialNumber === name.toUpperCase();
}

/**
 * The port of a board.
 *
 * @param name its serial number, or a port, which need not be one that can be listed
 * @throws StarmindError `board.serialport`, or what the operating system says
 */
export async function portCalled(name: string, system?: HostSystem): Promise<string> {
  if (/^COM\d+$/i.test(name) || /[\\/]/.test(name)) return name;
  const ports = await listPicoPorts(system);
  return ports.find((port) => isCalled(port, name))?.path ?? name;
}
