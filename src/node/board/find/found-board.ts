/** Description and identity of every board. */
interface Found {
  /**
   * Stays the same when the board is plugged in again: `virtual`, the serial number in upper case,
   * else its place.
   */
  id: string;
  label: string;
  detail?: string;
}

interface FoundPort extends Found {
  /** For example /dev/ttyACM0 or COM3. */
  port: string;
  /** Upper case: programs report the chip's number in either case. */
  serialNumber?: string;
}

/** The emulated board, which is always there. */
export interface VirtualPico extends Found {
  kind: 'virtual';
}

/** A Pico that runs a program with a serial port. */
export interface SerialPico extends FoundPort {
  kind: 'serial';
  /** Set when its program reports a chip other than the RP2040. */
  chip?: 'RP2350';
}

/** A Pico in its USB boot loader; several of them cannot be told apart. */
export interface BootloaderPico extends Found {
  kind: 'bootloader';
  volume: BootVolume;
}

/**
 * A debug probe: flashes a Pico that is wired to it, and is no target itself. Its port is the UART,
 * which may be wired to the Pico too.
 */
export interface DebugProbe extends FoundPort {
  kind: 'probe';
}

/**
 * Another serial port: an adapter that may be wired to a UART, or the device of another maker. The
 * monitor can use it, but models cannot be flashed to it.
 */
export interface OtherPort extends FoundPort {
  kind: 'port';
}

export type FoundBoard = VirtualPico | SerialPico | BootloaderPico | DebugProbe | OtherPort;

/** A board that models can be flashed to; a probe flashes the board that is wired to it. */
export type FlashableBoard = VirtualPico | SerialPico | BootloaderPico | DebugProbe;

export function isFlashable(board: FoundBoard): board is FlashableBoard {
  return board.kind !== 'port';
}

/** The drive that a chip's boot loader shows. */
export interface BootVolume {
  /** Mount point; absent while it is not mounted. */
  path?: string;
  /** Its block device, where the system has such names. */
  device?: string;
  /**
   * Board-ID in its INFO_UF2.TXT: RPI-RP2 for an RP2040. Boot loaders of other makers have others.
   */
  boardId: string;
}

/** Board-IDs of Raspberry Pi's boot ROMs, which are the labels of their drives as well. */
const chips: Readonly<Record<string, 'RP2040' | 'RP2350'>> = {
  'RPI-RP2': 'RP2040',
  RP2350: 'RP2350',
};

/** The chip whose boot loader shows this volume; undefined for those of other makers. */
export function chipOf({ boardId }: Pick<BootVolume, 'boardId'>): 'RP2040' | 'RP2350' | undefined {
  return chips[boardId];
}

/** The Board-ID in the label of a drive: `RPI-RP2 1` is the second drive of that label. */
export function boardIdOfLabel(label: string): string | undefined {
  return Object.keys(chips).find((id) => label.startsWith(id));
}

/** Identity of a volume: its device, since a drive changes its place when it is mounted. */
export function volumeKey({ device, path }: BootVolume): string {
  return device ?? path ?? '';
}

export const virtualPico: VirtualPico = {
  kind: 'virtual',
  id: 'virtual',
  label: 'Virtual Pico',
  detail: 'emulated here',
};
