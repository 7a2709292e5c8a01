import { listPicoPorts, type PicoPort } from '../list-ports';
import { SerialTransport } from './serial-transport';
import type { FindTransport, Transport } from './transport';

/** The ports of this computer. */
export interface Ports {
  /** @throws StarmindError when they cannot be listed */
  list(): Promise<readonly PicoPort[]>;
  open(path: string, baudRate: number): Transport;
}

const systemPorts: Ports = {
  list: () => listPicoPorts(),
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
  return async (baudRate) => {
    const listed = await ports.list();
    const named = listed.find((port) => port.path === id || port.serialNumber === id.toUpperCase());
    serialNumber ??= named?.serialNumber;
    const path =
      serialNumber === undefined
        ? // A name that is not listed may be that of a port all the same.
          (named?.path ?? id)
        : listed.find((port) => port.serialNumber === serialNumber)?.path;
    return path === undefined ? undefined : ports.open(path, baudRate);
  };
}
