import { readFileSync } from 'node:fs';
import { basename } from 'node:path/posix';
import { grouped } from '../../core/text';
import { quoted } from '../quoted';
import { promptOver, type ErrorRecord } from '../../core/wire/device-records';
import { promptTooLong } from '../prompt-errors';
import { exitCodes, StarmindError } from '../starmind-error';
import type { Symbols } from '../../core/export/symbols';
import { raspberryPi } from './find/usb-ids';
import { installUdevRules } from './udev';
import { hex32 } from '../../core/chip';
import { emptyFlash } from '../../core/wire/virtual-pico';
import type { BootloaderCause, MachineEvent } from '../../emulator';

function boardError(code: string, message: string, remedy: string, cause?: unknown): StarmindError {
  return new StarmindError(`board.${code}`, exitCodes.board, message, remedy, { cause });
}

export function boardSilent(name: string, seconds: number): StarmindError {
  return boardError(
    'silent',
    `${name} has said nothing for ${seconds} seconds.`,
    'Press its reset button or plug it in again; if that does not help, flash the firmware anew.',
  );
}

/** The board sends output, but not our records: it runs other firmware, or ours has crashed. */
export function boardUnanswering(name: string, seconds: number): StarmindError {
  return boardError(
    'silent',
    `${name} speaks, but has not answered for ${seconds} seconds.`,
    'Press its reset button or plug it in again; if that does not help, flash the firmware anew.',
  );
}

/** The user has stopped a generation, and the board has not reported its end. */
export function boardDoesNotStop(name: string, seconds: number): StarmindError {
  return new StarmindError(
    'interrupted',
    exitCodes.interrupted,
    `The generation was interrupted; ${name} has not answered to that within ${seconds} seconds.`,
    'Press its reset button or plug it in again, if it does not come to its end by itself.',
  );
}

export function boardClosed(name: string): StarmindError {
  return boardError(
    'closed',
    `The connection to ${name} has ended.`,
    'Plug the board in and try again.',
  );
}

/** A board is there without a port at the moment; the link connects once it has one. */
export function boardWaiting(message: string, remedy: string): StarmindError {
  return boardError('waiting', message, remedy);
}

/** A board that the link should stay connected to is not there at the moment. */
export function boardAway(name: string): StarmindError {
  return boardError('away', `${name} is not connected.`, 'Plug it in; it is found by itself.');
}

/** @param to the owner of the board's port, in words */
export function boardLent(name: string, to: string): StarmindError {
  return boardError('lent', `${name} is in use for ${to}.`, 'Wait until that is done.');
}

/** The board accepts no more bytes. */
export function boardFull(name: string): StarmindError {
  return boardError(
    'full',
    `${name} does not read what it is sent.`,
    'Wait until it does, or press its reset button.',
  );
}

/** The board answered with an error record. */
export function boardRefused(name: string, record: ErrorRecord): StarmindError {
  const over = promptOver(record);
  if (over !== undefined) return promptTooLong(over);
  const { code, message } = record;
  return boardError(
    'refused',
    `${name} refused the command (${code}): ${message}.`,
    code === 'model' || code === 'prompt'
      ? 'Change the prompt or build the model anew, and flash it.'
      : 'Flash firmware of this version of Starmind: the two may not understand each other.',
  );
}

/** A prompt that is too long for a board. @param message its length, and the limit */
export function lineTooLong(message: string): StarmindError {
  return new StarmindError('board.prompt', exitCodes.input, message, 'Shorten it.');
}

export function boardProtocol(name: string, found: number, expected: number): StarmindError {
  return boardError(
    'protocol',
    `${name} speaks protocol ${found}; this version of Starmind speaks ${expected}.`,
    'Build the model anew and flash it.',
  );
}

/** The program of the virtual Pico did something that hardware answers with a HardFault. */
export function boardFault(
  name: string,
  event: MachineEvent & { kind: 'fault' },
  symbols?: Symbols,
): StarmindError {
  const named = (address: number) => {
    const symbol = symbols?.nameOf(address);
    return symbol ? `${symbol} (${hex32(address)})` : hex32(address);
  };
  const registers = event.registers.map(
    (value, register) => `${registerNames[register] ?? `r${register}`} ${hex32(value)}`,
  );
  const rows = [0, 4, 8, 12].map((first) => `  ${registers.slice(first, first + 4).join('  ')}`);
  return boardError(
    'fault',
    [
      `The program on ${name} crashed: ${event.reason}.`,
      `Core ${event.core}, at ${named(event.address)}, called from ${named(event.registers[14] ?? 0)}.`,
      ...rows,
    ].join('\n'),
    'Build the model anew; if it happens again, report it with this message.',
  );
}

/** A device of the virtual Pico cannot do what the program asked for. */
export function boardDeviceFault(name: string, reason: string): StarmindError {
  return boardError(
    'device',
    `A device of ${name} cannot go on: ${reason}.`,
    'Use the device in another way, or run the program on a board.',
  );
}

const registerNames: Record<number, string> = { 13: 'sp', 14: 'lr', 15: 'pc' };

/** This computer has no free port for debuggers. */
export function debuggingFailed(reason: string): StarmindError {
  return boardError(
    'debug',
    `Debuggers cannot be served: ${reason}`,
    'Close what uses port 3333 and try again.',
  );
}

/** Why the virtual Pico waits for a program, in words. */
export const bootloaderReasons: Readonly<Record<BootloaderCause, string>> = {
  'empty-flash': emptyFlash,
  'bad-checksum': 'The flash holds no program: the checksum of its boot stage is wrong.',
  button: 'The BOOTSEL button was held while it started.',
  program: 'The program asked for it.',
};

export function boardInBootloader(name: string, cause: BootloaderCause): StarmindError {
  return boardError(
    'bootloader',
    `${name} has gone to its USB boot loader. ${bootloaderReasons[cause]}`,
    'Flash a program to it, or start it anew.',
  );
}

/** The worker thread of the virtual Pico failed: a bug of the emulator, not of the program. */
export function boardWorkerFailed(name: string, cause: Error): StarmindError {
  return boardError(
    'emulator',
    `${name} stopped working: ${cause.message}`,
    'Build Starmind anew; if it happens again, report it with this message.',
    cause,
  );
}

export function badFirmware(message: string): StarmindError {
  return new StarmindError(
    'board.firmware',
    exitCodes.input,
    `This firmware cannot be run: ${message}`,
    'Build the firmware again.',
  );
}

export function serialPackageMissing(cause: unknown): StarmindError {
  return new StarmindError(
    'board.serialport',
    exitCodes.toolMissing,
    'The package serialport, which talks to real boards, could not be loaded.',
    'Run npm install, or use the virtual board: --board virtual.',
    { cause },
  );
}

/** The remedy in words, and its shell command where there is one. */
interface Remedy {
  text: string;
  command?: string;
}

interface PortFailure {
  pattern: RegExp;
  code: string;
  says: string;
  remedy: (port: string, platform: NodeJS.Platform) => Remedy;
}

/** Failures of opening a port, recognised by the operating system's message. */
const portFailures: readonly PortFailure[] = [
  {
    pattern: /no such file|file not found|enoent|cannot find/i,
    code: 'missing',
    says: 'There is no such port',
    remedy: () => ({
      text: 'Plug the board in and check the name of its port: starmind boards lists them. The emulated board is called virtual.',
    }),
  },
  {
    // Windows denies access only to a port that is open already: its ports have no permissions.
    pattern: /lock|busy|in use|access denied/i,
    code: 'busy',
    says: 'Another program has it open',
    remedy: () => ({ text: 'Close the other program, for example a serial monitor.' }),
  },
  {
    pattern: /permission|eacces/i,
    code: 'permission',
    says: 'You may not use it',
    remedy: permissionFor,
  },
];

export function portFailed(
  port: string,
  cause: Error,
  platform: NodeJS.Platform = process.platform,
): StarmindError {
  const known = portFailures.find(({ pattern }) => pattern.test(cause.message));
  const { text, command } = known?.remedy(port, platform) ?? {
    text: 'Plug the board in again and try once more.',
  };
  return new StarmindError(
    `board.${known?.code ?? 'port'}`,
    exitCodes.board,
    `${port} could not be opened. ${known?.says ?? cause.message}.`,
    text,
    { cause, command },
  );
}

/** Whether a port exists but cannot be opened, so that waiting alone does not help. */
export function isBarred({ code }: StarmindError): boolean {
  return code === 'board.busy' || code === 'board.permission';
}

/** Remedy that gives the user permission for a port. */
function permissionFor(port: string, platform: NodeJS.Platform): Remedy {
  if (platform === 'linux' && !mayBePico(port)) {
    // The group's name differs between systems; the udev rules cover only Raspberry Pi's devices.
    const command = `sudo usermod -aG "$(stat -Lc %G ${quoted(port)})" "$USER"`;
    return { text: `Join its group, which counts when you log in again; run: ${command}`, command };
  }
  if (platform === 'linux') {
    return {
      text: `Let every user reach Picos; run: ${installUdevRules}`,
      command: installUdevRules,
    };
  }
  if (platform === 'darwin') {
    return {
      text: `macOS lets everybody use the ports of USB devices: see with ls -l ${port} whether this one differs, and whether a security program or a profile keeps you from it.`,
    };
  }
  return { text: 'Let whoever looks after this computer allow you to use it.' };
}

/** Whether a port, on Linux, may be that of a Pico: not of an adapter, the computer or other makers. */
function mayBePico(port: string): boolean {
  if (/^\/dev\/(ttyUSB|ttyAMA|ttyS|serial)\d+$/.test(port)) return false;
  try {
    const vendor = `/sys/class/tty/${basename(port)}/device/../idVendor`;
    return readFileSync(vendor, 'utf8').trim() === raspberryPi;
  } catch {
    return true;
  }
}

/** An open port failed, as it does when the board is unplugged. */
export function portLost(port: string, cause?: Error): StarmindError {
  return boardError(
    'unplugged',
    `${port} has gone: the board was unplugged or has restarted.`,
    'Plug the board in and try again.',
    cause,
  );
}

/** A recording has reached its size limit. */
export function sessionTooLong(path: string, bytes: number): StarmindError {
  return boardError(
    'log-full',
    `The recording ${path} has reached its limit of ${grouped(bytes)} bytes.`,
    'Save it, then disconnect and connect again: that begins a new one.',
  );
}
