import { isCalled, listSerialPorts, type ListedPort } from '../list-ports';
import { SerialTransport } from './serial-transport';
import type { FindTransport, Transport } from './transport';

/** The ports of this computer. */
export interface Ports {
  /** @throws StarmindError when they cannot be listed */
  list(): Promise<readonly ListedPort[]>;
  open(path: string, baudRate: number): Transport;
}

const systemPorts: Ports = {
  list: () => listSerialPorts(),
  open: (path, baudRate) => new SerialTransport(path, baudRate),
};

/**
 * Finds a board by its serial number, also under another name than before; one without a number is
 * where its port is.
 *
 * @param id a serial number, in either case, or the path of a port
 */
export function findPort(id: string, ports: Ports = systemPorts): FindTransport {
  let serialNumber: string | undefined;
  /** Two ports may have one number: the one that was meant, or was used last, comes first. */
  let last = id;
  return async (baudRate) => {
    const listed = await ports.list();
    const named = listed.find((port) => isCalled(port, id));
    serialNumber ??= named?.serialNumber;
    // A name that is not listed may be that of a port all the same.
    if (serialNumber === undefined) return ports.open(named?.path ?? id, baudRate);
    const own = listed.filter((port) => port.serialNumber === serialNumber);
    const found = own.find(({ path }) => path === last) ?? own[0];
    if (!found) return undefined;
    last = found.path;
    return ports.open(found.path, baudRate);
  };
}
