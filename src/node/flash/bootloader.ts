import { isBarred } from '../board/board-errors';
import type { SerialPico } from '../board/find/found-board';
import { StarmindError } from '../starmind-error';
import { checkChip, currentDrive, mounted, newDrive, type MountedVolume } from './drives';
import {
  boardStays,
  driveAway,
  driveMissing,
  portAway,
  portProblem,
  portRp2350,
} from './flash-errors';
import { waitFor, type FlashJob, type UsbTarget } from './job';

/**
 * Restarts the board in its boot loader, and makes its drive accessible.
 *
 * @throws OutOfReach when no drive is accessible, which leaves the board unchanged
 * @throws StarmindError when the drive must not be written to, or cannot be told from others
 */
export async function reachDrive(job: FlashJob, target: UsbTarget): Promise<MountedVolume> {
  if (target.kind === 'serial') {
    await leaveProgram(job, target);
    return awaitDrive(job, target);
  }
  const drive = await currentDrive(job, target.volume);
  if (!drive) throw driveAway(target.volume);
  checkChip(drive);
  return mounted(job, drive);
}

/** Waits for the drive of a board that is restarting in its boot loader. */
export async function awaitDrive(job: FlashJob, { port }: SerialPico): Promise<MountedVolume> {
  const { host, patience } = job;
  job.tell({ step: 'drive', message: 'Waiting for the drive of the boot loader' });
  const drive = await waitFor(job, patience.drive, () => newDrive(job));
  if (!drive) throw driveMissing(port, patience.drive / 1000, host.platform);
  checkChip(drive);
  return mounted(job, drive);
}

/**
 * The port of a board whose program still runs. It may have another name by now: during a build the
 * user can unplug and plug in boards.
 */
export async function portOf({ host }: FlashJob, target: SerialPico): Promise<string | undefined> {
  const { serialNumber, port } = target;
  for (const board of await host.boards()) {
    if (board.kind !== 'serial') continue;
    const isIt =
      serialNumber === undefined ? board.port === port : board.serialNumber === serialNumber;
    if (isIt) return board.port;
  }
  return undefined;
}

/**
 * Asks the program to restart in the boot loader: first by our firmware's command, then by the
 * 1200-baud touch.
 */
async function leaveProgram(job: FlashJob, target: SerialPico): Promise<void> {
  const { host, patience } = job;
  const requests = [
    { ask: host.sendBootsel.bind(host), how: 'asking its firmware' },
    { ask: host.touch.bind(host), how: 'opening it at 1200 baud' },
  ];
  // Check before the board leaves its program in vain.
  if (target.chip) throw portRp2350(target.port);
  const port = await portOf(job, target);
  if (port === undefined) throw portAway(target.port);
  let problem: StarmindError | undefined;
  for (const { ask, how } of requests) {
    job.tell({ step: 'bootloader', message: `Restarting ${port} in the boot loader: ${how}` });
    problem = await problemOf(ask(port));
    // A port that disappears while it opens has done what was asked.
    const left = async () =>
      (await newDrive(job)) || !(await portOf(job, target)) ? true : undefined;
    if (await waitFor(job, problem ? afterFailure(job, problem) : patience.leave, left)) return;
  }
  throw problem ? portProblem(problem) : boardStays(port);
}

/**
 * Milliseconds to wait for a board to leave after asking it has failed, which also happens when it
 * leaves at once.
 */
function afterFailure({ patience }: FlashJob, problem: StarmindError): number {
  return isBarred(problem) ? 0 : patience.failedAsking;
}

async function problemOf(action: Promise<void>): Promise<StarmindError | undefined> {
  try {
    await action;
    return undefined;
  } catch (error) {
    if (error instanceof StarmindError) return error;
    throw error;
  }
}
