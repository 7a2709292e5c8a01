import type { VirtualPicoPower } from '../core/wire/virtual-pico';
import { boardWaiting } from '../node/board/board-errors';
import { exitCodes, StarmindError } from '../node/starmind-error';
import { remedyFor } from '../node/toolchain/remedies';

/** The user called a command that starts programs in a folder that is not trusted. */
export function workspaceUntrusted(): StarmindError {
  return new StarmindError(
    'workspace.untrusted',
    exitCodes.input,
    'Training, building and running start programs on the files of this folder.',
    'Trust the folder first: Workspaces: Manage Workspace Trust.',
  );
}

/** The user called a command that starts programs on a model that no program can read. */
export function workspaceVirtual(scheme: string): StarmindError {
  return new StarmindError(
    'workspace.virtual',
    exitCodes.input,
    `Training, building and running need the files on a disk; these are in a virtual folder (${scheme}).`,
    'Copy or clone the folder to this computer and open it there.',
  );
}

/** The workspace has no model.json for the command. */
export function noModel(): StarmindError {
  return new StarmindError(
    'model.none',
    exitCodes.input,
    'There is no model.json in this workspace.',
    'Open a folder that has one, or make one: Starmind: New Project.',
  );
}

/** A task runs in a folder of the workspace, and the model lies in none. */
export function modelOutside(path: string): StarmindError {
  return new StarmindError(
    'model.outside',
    exitCodes.input,
    `${path} is in no folder of this workspace.`,
    'Open its folder first.',
  );
}

/** The user asked for firmware before there is a model to put in it. */
export function notTrained(run: string): StarmindError {
  return new StarmindError(
    'model.untrained',
    exitCodes.input,
    `${run} has no trained model yet.`,
    'Train it first: Starmind: Train Model.',
  );
}

/** A task of tasks.json lacks what it needs. */
export function taskWithoutModel(): StarmindError {
  return new StarmindError(
    'task.file',
    exitCodes.input,
    'The task does not say which model it is about.',
    'Give it a "file": the path of a model.json below the workspace folder.',
  );
}

/** The virtual Pico has no program that could generate. */
export function virtualPicoIdle(
  power: Exclude<VirtualPicoPower, 'running' | 'halted'>,
): StarmindError {
  switch (power) {
    case 'off':
      return boardWaiting('The virtual Pico is switched off.', 'Switch it on in its panel.');
    case 'bootloader':
      return boardWaiting(
        'The virtual Pico has no program yet.',
        'Bring a model onto it with Starmind: Build & Flash.',
      );
    case 'crashed':
      return boardWaiting(
        'The program on the virtual Pico has crashed.',
        'Its panel tells where; Reset starts it again.',
      );
  }
}

/** The chosen board waits for a program, and has no port. */
export function inBootloader(): StarmindError {
  return boardWaiting(
    'The board is in its boot loader, and runs no program.',
    'Bring a model onto it with Starmind: Build & Flash.',
  );
}

/** The board went away after it was chosen. */
export function targetAway(): StarmindError {
  return new StarmindError(
    'flash.away',
    exitCodes.board,
    'The board to be flashed is not there any more.',
    'Plug it in, or choose another: Starmind: Choose Board.',
  );
}

/** Another flashing is running: there is one at a time. */
export function alreadyFlashing(): StarmindError {
  return new StarmindError(
    'flash.running',
    exitCodes.input,
    'A board is being flashed already.',
    'Wait until that is done, or cancel it.',
  );
}

/** Refuses to flash while a task builds the firmware of the run, or runs it. */
export function stillBuilding(run: string): StarmindError {
  return new StarmindError(
    'flash.building',
    exitCodes.input,
    `A task is building the firmware of ${run}, or running it.`,
    'Wait until it has ended, or end it: Tasks: Terminate Task.',
  );
}

/** A board continues one prompt at a time. */
export function speakingAlready(): StarmindError {
  return new StarmindError(
    'monitor.speaking',
    exitCodes.input,
    'The board is speaking already.',
    'Wait until it has ended, or stop it.',
  );
}

/** The user saved the log before the monitor connected, or where no log could be written. */
export function nothingRecorded(wasConnected: boolean): StarmindError {
  return new StarmindError(
    'monitor.empty',
    exitCodes.input,
    wasConnected ? 'This session could not be recorded.' : 'There is no log to save.',
    wasConnected
      ? 'Free some space on the disk, then disconnect and connect again.'
      : 'Connect to a board first.',
  );
}

/** Debuggers need the symbols of a program, and this one came as a UF2 file alone. */
export function noSymbols(): StarmindError {
  return new StarmindError(
    'debug.symbols',
    exitCodes.input,
    'Nothing is known of the program on the virtual Pico but its bytes: no ELF file came with it.',
    'Bring a model onto it with Starmind: Build & Flash.',
  );
}

/** @param names programs that were looked for */
export function noGdb(names: readonly string[]): StarmindError {
  return new StarmindError(
    'debug.gdb',
    exitCodes.toolMissing,
    `There is no GDB for ARM on the PATH (${names.join(', ')}).`,
    `Install it: ${remedyFor('gdb')}`,
  );
}
