import { readdir, readFile, realpath } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { loadSerialPort } from '../load-serialport';
import { SlowFiles } from './slow-files';

/** The operating system's description of a serial port. */
export interface PortInfo {
  /** For example /dev/ttyACM0 or COM3. */
  path: string;
  serialNumber?: string | undefined;
  /** Hexadecimal, upper case on some systems; absent for ports that are not USB. */
  vendorId?: string | undefined;
  productId?: string | undefined;
  /** Name from the device or its driver, where the system reports it. */
  friendlyName?: string | undefined;
  manufacturer?: string | undefined;
  /** Windows' path of the device. */
  pnpId?: string | undefined;
}

/** Places that the user names because no system lists them: pseudo-terminals, unusual mounts. */
export interface ExtraPlaces {
  ports: readonly string[];
  /** Folders that are, or become, the drive of a boot loader. */
  volumes: readonly string[];
}

/** The queries to the operating system that finding boards needs; none changes anything. */
export interface HostSystem {
  readonly platform: NodeJS.Platform;
  readonly extra: ExtraPlaces;
  /** Names in a folder; none when it cannot be read. */
  names(folder: string): Promise<string[]>;
  /** Text of a file; undefined when it cannot be read. */
  text: (file: string) => Promise<string | undefined>;
  /** As `text`, for a drive that may not answer: undefined then, for now. */
  slowText: (file: string) => Promise<string | undefined>;
  /** Target of a path after its links are followed; undefined when nothing is there. */
  realPath(path: string): Promise<string | undefined>;
  /**
   * The ports as a service of the system lists them; Linux does not need it.
   * @throws StarmindError `board.serialport`, or the system's error
   */
  ports(): Promise<PortInfo[]>;
}

const text = (file: string) => readFile(file, 'utf8').catch(() => undefined);

/** One instance for the process, whose file threads slow drives may hold. */
const slowFiles = new SlowFiles(text);

/**
 * The system that this program runs on.
 *
 * @param extra places beside those of STARMIND_SERIAL_PORTS and STARMIND_BOOTSEL_VOLUMES
 */
export function hostSystem(extra: Partial<ExtraPlaces> = {}): HostSystem {
  return {
    platform: process.platform,
    extra: {
      ports: [...placesIn('STARMIND_SERIAL_PORTS'), ...(extra.ports ?? [])],
      volumes: [...placesIn('STARMIND_BOOTSEL_VOLUMES'), ...(extra.volumes ?? [])],
    },
    names: (folder) => readdir(folder).catch(() => []),
    text,
    slowText: (file) => slowFiles.read(file),
    realPath: (path) => realpath(path).catch(() => undefined),
    ports: async () => (await loadSerialPort()).list(),
  };
}

/** Paths in an environment variable, written like those of PATH. */
function placesIn(variable: string): string[] {
  return (process.env[variable] ?? '').split(delimiter).filter(Boolean);
}
