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

/**
 * The port of a board.
 *
 * @param name its serial number in either case, or a port, which need not be one that can be listed
 */
export async function portCalled(name: string, system?: HostSystem): Promise<string> {
  const ports = await listPicoPorts(system).catch(() => []);
  const known = ports.find(({ serialNumber }) => serialNumber === name.toUpperCase());
  return known?.path ?? name;
}
