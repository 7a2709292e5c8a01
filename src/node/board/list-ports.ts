import { loadSerialPort } from './load-serialport';

/** USB vendor of Raspberry Pi, in hexadecimal. */
const raspberryPi = '2e8a';

/** A serial port behind which there is a Pico, by what USB says. */
export interface PicoPort {
  /** For example /dev/ttyACM0 or COM3. */
  path: string;
  serialNumber?: string;
}

/** What the operating system tells of a serial port. */
export interface PortInfo extends PicoPort {
  /** Upper case on some systems; absent for ports that are not USB. */
  vendorId?: string;
}

/** The ports of Picos, by path. */
export function picoPorts(ports: readonly PortInfo[]): PicoPort[] {
  return ports
    .filter(({ vendorId }) => vendorId?.toLowerCase() === raspberryPi)
    .map(({ path, serialNumber }) => ({ path, serialNumber }))
    .sort((a, b) => a.path.localeCompare(b.path));
}

/**
 * The serial ports that look like Picos.
 *
 * @throws StarmindError `board.serialport`, or what the operating system says
 */
export async function listPicoPorts(): Promise<PicoPort[]> {
  const Port = await loadSerialPort();
  return picoPorts(await Port.list());
}
