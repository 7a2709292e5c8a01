import type { HostSystem, PortInfo } from './host-system';

const terminals = '/sys/class/tty';

/** The first UART on the pins of a Raspberry Pi, as its system names it. */
const pinHeaderPort = '/dev/serial0';

/**
 * Kinds of USB serial ports by the prefix of their names, and the way to their USB device: `device`
 * is a link to an interface of it (ACM), or to a port of such an interface. A joined path would
 * drop the dots before the kernel follows the link.
 */
const usbTerminals = { ttyACM: 'device/..', ttyUSB: 'device/../..' };

/**
 * The serial ports in the kernel's own files: the serialport package starts `udevadm` for each
 * look, which is slow and missing in containers.
 */
export async function linuxPorts(system: HostSystem): Promise<PortInfo[]> {
  const names = await system.names(terminals);
  const usb = Object.entries(usbTerminals).flatMap(([kind, device]) =>
    names
      .filter((name) => name.startsWith(kind))
      .map((name) => readPort(system, name, `${terminals}/${name}/${device}`)),
  );
  const pins = (await system.realPath(pinHeaderPort))
    ? [{ path: pinHeaderPort, friendlyName: 'UART on the pins of this computer' }]
    : [];
  return [...(await Promise.all(usb)), ...pins];
}

async function readPort(system: HostSystem, name: string, device: string): Promise<PortInfo> {
  const attribute = async (file: string): Promise<string | undefined> =>
    (await system.text(`${device}/${file}`))?.trim();
  const [vendorId, productId, serialNumber, friendlyName] = await Promise.all(
    ['idVendor', 'idProduct', 'serial', 'product'].map(attribute),
  );
  return { path: `/dev/${name}`, vendorId, productId, serialNumber, friendlyName };
}
