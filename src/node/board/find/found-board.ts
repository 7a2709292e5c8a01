/** What is shown of every board, and what it is known by. */
interface Found {
  /**
   * Stays the same when the board is plugged in again: `virtual`, the serial number in upper case,
   * else where it is.
   */
  id: string;
  label: string;
  detail?: string;
}

interface FoundPort extends Found {
  /** For example /dev/ttyACM0 or COM3. */
  port: string;
  /** Upper case: programs write the chip's number in either. */
  serialNumber?: string;
}

/** The emulated board: always there. */
export interface VirtualPico extends Found {
  kind: 'virtual';
}

/** A Pico that runs a program with a serial port. */
export interface SerialPico extends FoundPort {
  kind: 'serial';
  /** Where its program tells that it is not the RP2040. */
  chip?: 'RP2350';
}

/** A Pico in its USB boot loader; nothing tells which of several it is. */
export interface BootloaderPico extends Found {
  kind: 'bootloader';
  volume: BootVolume;
}

/**
 * A debug probe: flashes a Pico that is wired to it, and is none itself. Its port is the UART that may
 * be wired to it too.
 */
export interface DebugProbe extends FoundPort {
  kind: 'probe';
}

/**
 * Another serial port: an adapter that may be wired to a UART, or the device of another maker. It can
 * be listened to and spoken with, and not be flashed.
 */
export interface OtherPort extends FoundPort {
  kind: 'port';
}

export type FoundBoard = VirtualPico | SerialPico | BootloaderPico | DebugProbe | OtherPort;

/** A board that models can be brought onto; a probe brings them onto the one that is wired to it. */
export type FlashableBoard = VirtualPico | SerialPico | BootloaderPico | DebugProbe;

export function isFlashable(board: FoundBoard): board is FlashableBoard {
  return board.kind !== 'port';
}

/** The drive that a chip's boot loader shows. */
export interface BootVolume {
  /** Where it is mounted; absent while it is not. */
  path?: string;
  /** Its block device, where the system has such names. */
  device?: string;
  /** As its INFO_UF2.TXT says: RPI-RP2 for an RP2040. Boot loaders of other makers have others. */
  boardId: string;
}

/** Board-IDs of Raspberry Pi's boot ROMs, which are the labels of their drives as well. */
const chips: Readonly<Record<string, 'RP2040' | 'RP2350'>> = {
  'RPI-RP2': 'RP2040',
  RP2350: 'RP2350',
};

/** The chip whose boot loader a volume is of; undefined for those of other makers. */
export function chipOf({ boardId }: Pick<BootVolume, 'boardId'>): 'RP2040' | 'RP2350' | undefined {
  return chips[boardId];
}

/** The Board-ID that a drive's name tells: `RPI-RP2 1` is the second drive of that label. */
export function boardIdOfLabel(label: string): string | undefined {
  return Object.keys(chips).find((id) => label.startsWith(id));
}

/** What a volume is told apart by: its device, since drives change their places when mounted. */
export function volumeKey({ device, path }: BootVolume): string {
  return device ?? path ?? '';
}

export const virtualPico: VirtualPico = {
  kind: 'virtual',
  id: 'virtual',
  label: 'Virtual Pico',
  detail: 'emulated here',
};
