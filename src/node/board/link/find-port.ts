import { hostSystem } from '../find/host-system';
import { listedName } from '../find/port-name';
import { isCalled, listSerialPorts, type ListedPort } from '../list-ports';
import { SerialTransport } from './serial-transport';
import type { FindTransport, Transport } from './transport';

/** The ports of this computer. */
export interface Ports {
  /** @throws StarmindError when the system cannot list them */
  list(): Promise<readonly ListedPort[]>;
  /** The name under which the system lists a port, from any name of it. */
  listedName(name: string): Promise<string>;
  open(path: string, baudRate: number): Transport;
}

const systemPorts: Ports = {
  list: () => listSerialPorts(),
  listedName: (name) => listedName(hostSystem(), name),
  open: (path, baudRate) => new SerialTransport(path, baudRate),
};

/**
 * Finds a board by its serial number, also when its port has another name than before; a board
 * without a number stays at its port.
 *
 * @param id a serial number, in either case, or the path of a port or of a link to one
 */
export function findPort(id: string, ports: Ports = systemPorts): FindTransport {
  let serialNumber: string | undefined;
  /** Two ports may have one number: the port that was asked for, or was used last, comes first. */
  let last = id;
  return async (baudRate) => {
    const [listed, known] = await Promise.all([ports.list(), ports.listedName(id)]);
    const named = listed.find((port) => isCalled(port, id) || isCalled(port, known));
    if (named && serialNumber === undefined) {
      serialNumber = named.serialNumber;
      last = named.path;
    }
    // A name that is not listed may be that of a port all the same.
    if (serialNumber === undefined) return ports.open(named?.path ?? id, baudRate);
    const own = listed.filter((port) => port.serialNumber === serialNumber);
    const found = own.find(({ path }) => path === last) ?? own[0];
    if (!found) return undefined;
    last = found.path;
    return ports.open(found.path, baudRate);
  };
}
