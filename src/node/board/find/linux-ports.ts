import type { HostSystem, PortInfo } from './host-system';

const terminals = '/sys/class/tty';

/**
 * The USB serial ports that the kernel knows, from its own files: the serial port package starts
 * `udevadm` for each look, which is slow and not there in containers.
 */
export async function linuxPorts(system: HostSystem): Promise<PortInfo[]> {
  const names = await system.names(terminals);
  return Promise.all(
    names.filter((name) => name.startsWith('ttyACM')).map((name) => readPort(system, name)),
  );
}

async function readPort(system: HostSystem, name: string): Promise<PortInfo> {
  // `device` is a link to one interface of the USB device, whose parent is the device itself; a
  // joined path would drop the two dots before the kernel follows the link.
  const attribute = async (file: string): Promise<string | undefined> =>
    (await system.text(`${terminals}/${name}/device/../${file}`))?.trim();
  const [vendorId, productId, serialNumber] = await Promise.all(
    ['idVendor', 'idProduct', 'serial'].map(attribute),
  );
  return { path: `/dev/${name}`, vendorId, productId, serialNumber };
}
