import { join } from 'node:path';
import { blockBytes } from '../../core/export/uf2';
import { grouped } from '../../core/text';
import type { StarmindError } from '../starmind-error';
import { currentDrive, type MountedVolume } from './drives';
import {
  copyFailed,
  driveAway,
  driveForbidden,
  driveFull,
  driveReadOnly,
  notTaken,
  unpluggedWhileCopying,
} from './flash-errors';
import type { DriveFile } from './flash-host';
import { waitFor, type FlashJob } from './job';

const fileName = 'starmind.uf2';

/** Bytes between two checks that the drive has them; each costs a write of the file table. */
const pieceBytes = 64 * blockBytes;

/**
 * Copies the UF2 to the drive of a boot loader, which disappears with the last block: the chip
 * starts the program then.
 */
export async function copyToDrive(job: FlashJob, drive: MountedVolume): Promise<void> {
  const { host, patience, uf2 } = job;
  const blocks = uf2.length / blockBytes;
  /** Bytes given to the drive, and those it certainly has. */
  let given = 0;
  let taken = 0;
  let hasBegun = false;
  let file: DriveFile | undefined;
  try {
    file = await host.createFile(join(drive.path, fileName));
    for (const end of pieceEnds(uf2.length)) {
      job.signal?.throwIfAborted();
      const message = `Copying to ${drive.path}: block ${grouped(taken / blockBytes)} of ${grouped(blocks)}`;
      job.tell({ step: 'copy', message, fraction: taken / uf2.length });
      job.contents.state = 'incomplete';
      const piece = uf2.subarray(given, end);
      given = end;
      await file.write(piece);
      hasBegun = true;
      await file.sync();
      taken = end;
    }
    await file.close();
  } catch (error) {
    await file?.close().catch(() => undefined);
    job.signal?.throwIfAborted();
    const refused = refusal(job, drive, error);
    if (refused) throw refused;
    if (!(await isGone(job, drive, patience.leave))) throw copyFailed(drive, error);
    if (given < uf2.length) {
      if (!hasBegun) throw driveAway(drive);
      throw unpluggedWhileCopying(drive, taken, uf2.length, error);
    }
  }
  job.tell({ step: 'copy', message: `Copied ${grouped(blocks)} blocks`, fraction: 1 });
  if (!(await isGone(job, drive, patience.restart))) {
    throw notTaken(drive, patience.restart / 1000);
  }
  job.contents.state = 'complete';
}

/**
 * End of each piece. The last block is a piece of its own: a drive that fails in it has all others,
 * and disappears because the program starts.
 */
function pieceEnds(bytes: number): number[] {
  const ends: number[] = [];
  for (let end = pieceBytes; end < bytes - blockBytes; end += pieceBytes) ends.push(end);
  return [...ends, ...(bytes > blockBytes ? [bytes - blockBytes] : []), bytes];
}

async function isGone(job: FlashJob, drive: MountedVolume, milliseconds: number): Promise<boolean> {
  const gone = async () => ((await currentDrive(job, drive)) ? undefined : true);
  return (await waitFor(job, milliseconds, gone)) ?? false;
}

/** The drive's error, where the system reports one; otherwise it may have disappeared. */
function refusal(
  { host }: FlashJob,
  drive: MountedVolume,
  error: unknown,
): StarmindError | undefined {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
      return driveFull(drive, error);
    case 'EROFS':
      return driveReadOnly(drive, error);
    case 'EACCES':
    case 'EPERM':
      return driveForbidden(drive, host.platform, error);
    default:
      return undefined;
  }
}
