import type { ExtraPlaces, HostSystem, PortInfo } from '../../../src/node/board/find/host-system';

/** The state of a simulated operating system. */
export interface FakeSystem {
  platform?: NodeJS.Platform;
  extra?: Partial<ExtraPlaces>;
  /** Text by path; folders are there because files are in them. */
  files?: Record<string, string>;
  /** Targets of links, by their paths. */
  links?: Record<string, string>;
  ports?: PortInfo[] | Error;
}

/** A simulated operating system; a test plugs devices in and out by changing its state. */
export function fakeSystem(shown: FakeSystem): HostSystem {
  const files = (): Record<string, string> => shown.files ?? {};
  const text = (file: string) => Promise.resolve(files()[file]);
  return {
    platform: shown.platform ?? 'linux',
    extra: { ports: [], volumes: [], ...shown.extra },
    names: (folder) => {
      const inside = Object.keys(files()).filter((path) => path.startsWith(`${folder}/`));
      const names = inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? '');
      return Promise.resolve([...new Set(names)]);
    },
    text,
    slowText: text,
    realPath: (path) => {
      const target = shown.links?.[path];
      if (target !== undefined) return Promise.resolve(target);
      const isThere = (file: string): boolean => file === path || file.startsWith(`${path}/`);
      return Promise.resolve(Object.keys(files()).some(isThere) ? path : undefined);
    },
    ports: () =>
      shown.ports instanceof Error
        ? Promise.reject(shown.ports)
        : Promise.resolve(shown.ports ?? []),
  };
}

const infoOf = (boardId: string): string =>
  `UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: ${boardId}\r\n`;

/** The file that identifies a boot loader's drive, at a path. */
export function bootDrive(path: string, boardId = 'RPI-RP2'): Record<string, string> {
  return { [`${path}INFO_UF2.TXT`]: infoOf(boardId) };
}

/** Linux's files for a USB serial port. */
export function linuxPort(
  name: string,
  { vendor = '2e8a', product = '000a', serial = '' } = {},
): Record<string, string> {
  const device = `/sys/class/tty/${name}/device/..`;
  return {
    [`${device}/idVendor`]: `${vendor}\n`,
    [`${device}/idProduct`]: `${product}\n`,
    ...(serial && { [`${device}/serial`]: `${serial}\n` }),
  };
}

/** Linux's files for an attached drive with one partition. */
export function linuxDrive(name: string, vendor: string, model: string): Record<string, string> {
  return {
    [`/sys/block/${name}/device/vendor`]: `${vendor.padEnd(8)}\n`,
    [`/sys/block/${name}/device/model`]: `${model.padEnd(16)}\n`,
    [`/sys/block/${name}/${name}1/size`]: '262143\n',
    [`/sys/class/block/${name}1/size`]: '262143\n',
  };
}
