import { posix, win32 } from 'node:path';
import { boardIdOfLabel, type BootVolume } from './found-board';
import type { HostSystem } from './host-system';
import { linuxVolumes } from './linux-volumes';

/** The file that identifies the drive of every UF2 boot loader. */
const infoFile = 'INFO_UF2.TXT';

/** The drives of boot loaders, of Raspberry Pi's chips and of others. */
export async function bootVolumes(system: HostSystem): Promise<BootVolume[]> {
  const extra = Promise.all(system.extra.volumes.map((path) => volumeAt(system, path)));
  const [known, named] = await Promise.all([knownVolumes(system), extra]);
  const volumes = [...known, ...named].filter((volume) => volume !== undefined);
  // A place that the user named may be found by the system as well.
  const isFirst = ({ path }: BootVolume, index: number): boolean =>
    path === undefined || volumes.findIndex((other) => other.path === path) === index;
  return volumes.filter(isFirst);
}

function knownVolumes(system: HostSystem): Promise<(BootVolume | undefined)[]> {
  switch (system.platform) {
    case 'linux':
      return linuxVolumes(system, (path) => boardIdAt(system, path));
    case 'darwin':
      return macVolumes(system);
    case 'win32':
      return Promise.all(windowsDrives.map((path) => volumeAt(system, path, system.slowText)));
    default:
      return Promise.resolve([]);
  }
}

/** Does not look into other volumes: they may be on the network, and macOS asks the user first. */
async function macVolumes(system: HostSystem): Promise<(BootVolume | undefined)[]> {
  const names = await system.names('/Volumes');
  return Promise.all(
    names.filter(boardIdOfLabel).map((name) => volumeAt(system, posix.join('/Volumes', name))),
  );
}

/** D: to Z:. A and B are floppy drives, C is the system's. */
const windowsDrives = Array.from({ length: 23 }, (_, i) => `${String.fromCharCode(68 + i)}:\\`);

type ReadText = HostSystem['text'];

async function volumeAt(
  system: HostSystem,
  path: string,
  read?: ReadText,
): Promise<BootVolume | undefined> {
  const boardId = await boardIdAt(system, path, read);
  return boardId === undefined ? undefined : { path, boardId };
}

/** Board-ID in the boot loader's file; undefined when the folder is no drive of one. */
async function boardIdAt(
  system: HostSystem,
  folder: string,
  read: ReadText = system.text,
): Promise<string | undefined> {
  const { join } = system.platform === 'win32' ? win32 : posix;
  const info = await read(join(folder, infoFile));
  return info === undefined ? undefined : (/^Board-ID:\s*(\S+)/m.exec(info)?.[1] ?? 'unknown');
}
