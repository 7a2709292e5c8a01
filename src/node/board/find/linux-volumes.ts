import { basename } from 'node:path/posix';
import { boardIdOfLabel, type BootVolume } from './found-board';
import type { HostSystem } from './host-system';
import { readMounts, type Mount } from './mounts';

/** Boot loaders show a FAT file system; reading other file systems may wait for the network. */
const fatTypes: readonly string[] = ['vfat', 'msdos'];

/**
 * Drives of boot loaders that are mounted, and those that are attached only: a system without a
 * desktop mounts none.
 *
 * @param boardIdAt reads the Board-ID of the boot loader whose drive is at a path
 */
export async function linuxVolumes(
  system: HostSystem,
  boardIdAt: (path: string) => Promise<string | undefined>,
): Promise<BootVolume[]> {
  const mounts = readMounts((await system.text('/proc/mounts')) ?? '');
  const fat = mounts.filter(({ type }) => fatTypes.includes(type));
  const mounted = await Promise.all(
    distinctDevices(fat).map(async ({ device, path }): Promise<BootVolume | undefined> => {
      // A mount stays listed after its device was pulled out.
      if (!(await system.realPath(`/sys/class/block/${basename(device)}`))) return undefined;
      // The mount of another user may be unreadable; its path still ends in the label.
      const boardId = (await boardIdAt(path)) ?? boardIdOfLabel(basename(path));
      return boardId === undefined ? undefined : { path, device, boardId };
    }),
  );
  const devices = new Set(mounts.map(({ device }) => device));
  const attached = await attachedVolumes(system);
  return [
    ...mounted.filter((volume) => volume !== undefined),
    ...attached.filter(({ device }) => !devices.has(device)),
  ];
}

/** A device can be mounted at several places; keep one. */
function distinctDevices(mounts: readonly Mount[]): Mount[] {
  return mounts.filter(
    ({ device }, index) => mounts.findIndex((other) => other.device === device) === index,
  );
}

/**
 * Partitions on drives that report the names of the boot ROMs (SCSI vendor RPI, model RP2 or
 * RP2350). The links by label in /dev/disk would show only one of several.
 */
async function attachedVolumes(system: HostSystem): Promise<(BootVolume & { device: string })[]> {
  const drives = await Promise.all(
    (await system.names('/sys/block'))
      .filter((name) => name.startsWith('sd'))
      .map(async (name) => {
        const attribute = async (file: string) =>
          (await system.text(`/sys/block/${name}/device/${file}`))?.trim();
        if ((await attribute('vendor')) !== 'RPI') return [];
        const boardId = (await attribute('model')) === 'RP2' ? 'RPI-RP2' : 'RP2350';
        const partitions = await system.names(`/sys/block/${name}`);
        return partitions
          .filter((partition) => partition.startsWith(name))
          .map((partition) => ({ device: `/dev/${partition}`, boardId }));
      }),
  );
  return drives.flat();
}
