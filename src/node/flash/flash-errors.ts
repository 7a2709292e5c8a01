import { imageVersion } from '../../core/export/image-fields';
import { grouped } from '../../core/text';
import type { HelloRecord } from '../../core/wire/device-records';
import { installUdevRules } from '../board/udev';
import type { BootVolume } from '../board/find/found-board';
import { exitCodes, StarmindError } from '../starmind-error';
import { lastLines } from '../process';
import { quoted } from '../quoted';
import type { ContentsState } from './job';

function flashError(code: string, message: string, remedy: string, cause?: unknown): StarmindError {
  return new StarmindError(`flash.${code}`, exitCodes.board, message, remedy, { cause });
}

/** This way does not reach the board; picotool or a debug probe may. */
export class OutOfReach extends StarmindError {
  constructor(code: string, message: string, remedy: string, cause?: unknown) {
    const known = cause instanceof StarmindError ? cause.command : undefined;
    const command = remedy.includes(installUdevRules) ? installUdevRules : known;
    super(`flash.${code}`, exitCodes.board, message, remedy, { cause, command });
  }
}

const holdBootsel = 'Unplug the board, hold its BOOTSEL button while you plug it in, and try again';

const placeOf = ({ path, device }: BootVolume): string => path ?? device ?? 'The drive';

export function flashTooSmall(bytes: number, needed: number): StarmindError {
  return flashError(
    'too-small',
    `The flash of the board has ${grouped(bytes)} bytes; the program with this model needs ${grouped(needed)}.`,
    'Use a board with more flash and name it in target.board, or make the model smaller.',
  );
}

/** @param problems of the reader of UF2 files */
export function uf2Invalid(problems: readonly { message: string }[]): StarmindError {
  return new StarmindError(
    'flash.uf2',
    exitCodes.input,
    `This UF2 file cannot be flashed: ${problems.map(({ message }) => message).join(' ')}`,
    'Build the firmware again, or copy the file again: it is damaged or for another chip.',
  );
}

export function portAway(port: string): OutOfReach {
  return new OutOfReach(
    'port-missing',
    `${port} is not there any more.`,
    'Plug the board in; starmind boards, or the Boards view of VS Code, shows which there are.',
  );
}

/** Describes a port that cannot be used. */
export function portProblem(cause: StarmindError): OutOfReach {
  const code = cause.code.replace('board.', 'port-');
  return new OutOfReach(code, cause.message, cause.remedy, cause);
}

/** The program on the board obeyed neither our command nor the 1200-baud touch. */
export function boardStays(port: string): OutOfReach {
  return new OutOfReach(
    'stays',
    `The program behind ${port} does not restart in the boot loader.`,
    `${holdBootsel}: its program cannot be asked.`,
  );
}

export function driveMissing(port: string, seconds: number, platform: NodeJS.Platform): OutOfReach {
  const denied =
    platform === 'darwin'
      ? ' If the drive is in the Finder, allow removable volumes: System Settings, Privacy & Security, Files and Folders.'
      : '';
  return new OutOfReach(
    'no-drive',
    `The board behind ${port} has left, but no drive of a boot loader came within ${seconds} seconds.`,
    `${holdBootsel}; use a cable that carries data.${denied}`,
  );
}

/** The chosen drive is absent, or disappeared before it was used. */
export function driveAway(drive: BootVolume): OutOfReach {
  return new OutOfReach(
    'no-drive',
    `${placeOf(drive)}, the drive of the boot loader, is not there any more.`,
    `${holdBootsel}.`,
  );
}

export function driveUnmountable(device: string, cause: Error | void): OutOfReach {
  return new OutOfReach(
    'unmounted',
    `${device}, the drive of the boot loader, is attached but not mounted${cause ? `: ${cause.message}` : '.'}`,
    `Mount it and try again, for example: sudo mount -o uid=$(id -u) ${quoted(device)} /mnt`,
    cause,
  );
}

/** Several new drives appeared, and nothing shows which is this board's. */
export function drivesSeveral(drives: readonly BootVolume[]): StarmindError {
  return flashError(
    'several-drives',
    `Several boards came into their boot loader at the same time: ${drives.map(placeOf).join(', ')}.`,
    'Unplug the others, or name the one to flash with --board.',
  );
}

export function chipRp2350(drive: BootVolume): StarmindError {
  return flashError(
    'rp2350',
    `The board at ${placeOf(drive)} has an RP2350; this firmware is for the RP2040.`,
    'Plug in a board with an RP2040, such as the first Raspberry Pi Pico. This one goes back to its own program when it is plugged in again.',
  );
}

/** Reported by the program at a port; the drive would report it, too. */
export function portRp2350(port: string): StarmindError {
  return flashError(
    'rp2350',
    `The board behind ${port} has an RP2350; this firmware is for the RP2040.`,
    `Plug in a board with an RP2040, such as the first Raspberry Pi Pico. If this is one: ${holdBootsel.toLowerCase()}.`,
  );
}

export function chipForeign(drive: BootVolume): StarmindError {
  return flashError(
    'chip',
    `The drive ${placeOf(drive)} is of a boot loader for ${drive.boardId}; this firmware is for the RP2040.`,
    'Choose the drive of a Raspberry Pi Pico; its label is RPI-RP2.',
  );
}

export function driveFull(drive: BootVolume, cause: unknown): StarmindError {
  return flashError(
    'drive-full',
    `The drive ${placeOf(drive)} is full; the firmware was not copied.`,
    'Plug the board in again while BOOTSEL is held: its drive is empty then. Then flash it again.',
    cause,
  );
}

export function driveReadOnly(drive: BootVolume, cause: unknown): StarmindError {
  const again = drive.device
    ? `run: sudo mount -o remount,rw ${quoted(drive.device)}`
    : 'plug the board in again while BOOTSEL is held';
  return flashError(
    'read-only',
    `The drive ${placeOf(drive)} is mounted for reading only.`,
    `Let it be written to: ${again}. Then flash it again.`,
    cause,
  );
}

export function driveForbidden(
  drive: BootVolume,
  platform: NodeJS.Platform,
  cause: unknown,
): StarmindError {
  const { device } = drive;
  const remedies: Partial<Record<NodeJS.Platform, string>> = {
    // Without a device it is a folder that the user named, of unknown origin.
    ...(device && {
      linux: `Mount it as yourself: sudo umount ${quoted(placeOf(drive))} && udisksctl mount -b ${quoted(device)}. Then flash it again.`,
    }),
    darwin:
      'Allow removable volumes: System Settings, Privacy & Security, Files and Folders. Then flash it again.',
  };
  return flashError(
    'drive-permission',
    `You may not write to the drive ${placeOf(drive)}.`,
    remedies[platform] ?? 'Allow yourself to write to removable drives, then flash it again.',
    cause,
  );
}

export function copyFailed(drive: BootVolume, cause: unknown): StarmindError {
  return flashError(
    'copy',
    `The firmware could not be copied to ${placeOf(drive)}: ${String(cause)}`,
    `${holdBootsel}.`,
    cause,
  );
}

/** The drive disappeared before it had all blocks. */
export function unpluggedWhileCopying(
  drive: BootVolume,
  bytes: number,
  total: number,
  cause: unknown,
): StarmindError {
  return flashError(
    'unplugged',
    `The board at ${placeOf(drive)} went away after ${Math.floor((100 * bytes) / total)} % of the firmware.`,
    `Its program is incomplete. ${holdBootsel}.`,
    cause,
  );
}

export function notTaken(drive: BootVolume, seconds: number): StarmindError {
  return flashError(
    'not-taken',
    `The boot loader at ${placeOf(drive)} has the whole file, but did not start it within ${seconds} seconds.`,
    `${holdBootsel}; if it happens again, the file is not for this chip.`,
  );
}

export function portMissing(seconds: number): StarmindError {
  return flashError(
    'no-port',
    `The firmware is on the board, but no serial port came back within ${seconds} seconds.`,
    'Plug the board in again, without BOOTSEL. If no port comes, use another cable or flash it again.',
  );
}

export function firmwareSilent(port: string, cause: StarmindError): StarmindError {
  return flashError(
    'silent',
    `The firmware was flashed and ${port} is there, but nothing of ours answers. ${cause.message}`,
    'Plug the board in again, without BOOTSEL. If it stays silent, build the firmware again and flash it again.',
    cause,
  );
}

/** The program runs and cannot use the image beside it. */
export function imageUnusable(port: string, { image }: HelloRecord): StarmindError {
  return flashError(
    'image',
    `The program behind ${port} runs, but without its model: ${image}.`,
    'Build the firmware for this model and flash all of it: starmind flash RUN, or Build & Flash in VS Code. starmind doctor tells what a build needs.',
  );
}

export function modelDiffers(port: string, found: string, expected: string): StarmindError {
  return flashError(
    'model',
    `The board behind ${port} has model ${found} after flashing; model ${expected} was flashed.`,
    'Flash it again. With several boards plugged in, unplug the others first.',
  );
}

/** OpenOCD, which flashes through a probe, is not installed. */
export function openocdMissing(port: string): StarmindError {
  return new StarmindError(
    'flash.openocd-missing',
    exitCodes.toolMissing,
    `${port} is a debug probe, which flashes with OpenOCD; that is not on the PATH, nor installed by the Pico extension.`,
    'Install OpenOCD 0.12 or later, or plug in the board itself: it is flashed over USB then.',
  );
}

/** Several probes that cannot be told apart: the wrong board could be overwritten. */
export function probesAlike(port: string): StarmindError {
  return flashError(
    'probes-alike',
    `There are several debug probes, and the one at ${port} has no serial number to name it by.`,
    'Unplug the others.',
  );
}

/** OpenOCD failed to reach the board that is wired to a probe, or failed midway. */
export function probeFailed(
  port: string,
  output: string,
  platform: NodeJS.Platform,
): StarmindError {
  return new OutOfReach(
    'probe',
    `OpenOCD could not flash through the debug probe at ${port}:\n${lastLines(output)}`,
    [
      'Check the three wires from the probe to the board (SWCLK, GND, SWDIO), and that the board has power.',
      toolAccess('openocd', platform),
    ]
      .filter(Boolean)
      .join(' '),
  );
}

/** Permissions or drivers that a tool may lack on a platform. */
function toolAccess(tool: 'picotool' | 'openocd', platform: NodeJS.Platform): string | undefined {
  const access: Partial<Record<NodeJS.Platform, string>> = {
    linux: `If ${tool} lacks permission, run: ${installUdevRules}`,
    win32: `If ${tool} finds no device, give the device the WinUSB driver, with Zadig.`,
  };
  return access[platform];
}

/** @param reason why the tool was tried at all */
export function toolFailed(
  tool: 'picotool' | 'openocd',
  output: string,
  reason: OutOfReach,
  platform: NodeJS.Platform,
): OutOfReach {
  // The reason may have been a lack of permission already.
  const known = reason.remedy.includes(installUdevRules);
  return new OutOfReach(
    tool,
    `${reason.message} ${tool} could not flash it either:\n${lastLines(output)}`,
    [reason.remedy, known ? undefined : toolAccess(tool, platform)].filter(Boolean).join(' '),
    reason,
  );
}

/** A user who interrupts needs to know the state of the board. */
const leftBehind: Record<ContentsState, string> = {
  untouched:
    'Nothing was written; the board may be in its boot loader. Flash it again, or plug it in again.',
  incomplete:
    'The program on the board is incomplete; the board stays in its boot loader. Flash it again.',
  complete: 'All of it is on the board; whether it runs was not looked at.',
};

export function flashInterrupted(contents: ContentsState): StarmindError {
  return new StarmindError(
    'interrupted',
    exitCodes.interrupted,
    'Flashing was interrupted.',
    leftBehind[contents],
  );
}

/** The user asked to flash only the model, and the board's program cannot run it. */
export function modelAlone(reason: string): StarmindError {
  return flashError(
    'model-only',
    `The model alone cannot be flashed. ${reason}`,
    'Flash the program with it: starmind flash RUN without --model-only, or Build & Flash in VS Code.',
  );
}

/** A model image that the firmware of this version would refuse. */
export function oldModelInUf2(file: string, version: number): StarmindError {
  return new StarmindError(
    'flash.model-version',
    exitCodes.input,
    `The model image in ${file} is of version ${version}; firmware of this Starmind takes version ${imageVersion}.`,
    'Flash all of it, without --model-only: its program goes with it. Or name its run: the image is made again from the checkpoint.',
  );
}

export function noModelInUf2(file: string): StarmindError {
  return new StarmindError(
    'flash.no-model',
    exitCodes.input,
    `${file} holds no model image.`,
    'Flash all of it, without --model-only, or name a run.',
  );
}
