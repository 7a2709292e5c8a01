import { chipOf, volumeKey, type BootVolume, type FoundBoard } from '../board/find/found-board';
import {
  chipForeign,
  chipRp2350,
  driveAway,
  drivesSeveral,
  driveUnmountable,
} from './flash-errors';
import { waitFor, type FlashJob } from './job';

/** A mounted drive of a boot loader. */
export type MountedVolume = BootVolume & { path: string };

/** The drives among boards. */
export function drivesAmong(boards: readonly FoundBoard[]): BootVolume[] {
  return boards.flatMap((board) => (board.kind === 'bootloader' ? [board.volume] : []));
}

/**
 * This board's drive: the one that was absent when the flashing began.
 * @throws StarmindError `flash.several-drives` when several have appeared
 */
export async function newDrive({ host, before }: FlashJob): Promise<BootVolume | undefined> {
  const known = new Set(drivesAmong(before).map(volumeKey));
  const fresh = drivesAmong(await host.boards()).filter((drive) => !known.has(volumeKey(drive)));
  if (fresh.length > 1) throw drivesSeveral(fresh);
  return fresh[0];
}

/** The same drive in its present state; undefined when it is gone. */
export async function currentDrive(
  { host }: FlashJob,
  drive: BootVolume,
): Promise<BootVolume | undefined> {
  const drives = drivesAmong(await host.boards());
  return drives.find((other) => volumeKey(other) === volumeKey(drive));
}

/** @throws StarmindError `flash.rp2350` or `flash.chip` when the drive is not an RP2040's */
export function checkChip(drive: BootVolume): void {
  const chip = chipOf(drive);
  if (chip === 'RP2350') throw chipRp2350(drive);
  if (chip !== 'RP2040') throw chipForeign(drive);
}

/**
 * Waits until the desktop has mounted a drive, or mounts it.
 * @throws StarmindError `flash.no-drive` when it is gone, `flash.unmounted` when mounting fails
 */
export async function mounted(job: FlashJob, drive: BootVolume): Promise<MountedVolume> {
  const { host, patience, signal } = job;
  const look = async (): Promise<MountedVolume | undefined> => {
    const { path, ...rest } = (await currentDrive(job, drive)) ?? {};
    return path === undefined ? undefined : { ...drive, ...rest, path };
  };
  const there = await waitFor(job, patience.automount, look);
  if (there) return there;
  const { device } = drive;
  if (device === undefined || !(await currentDrive(job, drive))) throw driveAway(drive);
  job.tell({ step: 'drive', message: `Mounting ${device}` });
  const refusal = await host.mount(device, signal).catch((error: Error) => error);
  signal?.throwIfAborted();
  // The desktop may have been faster, which makes our attempt fail.
  const volume = await waitFor(job, patience.automount, look);
  if (!volume) throw driveUnmountable(device, refusal);
  return volume;
}
