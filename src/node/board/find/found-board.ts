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

/** The emulated board: always there. */
export interface VirtualPico extends Found {
  kind: 'virtual';
}

/** A Pico that runs a program with a serial port. */
export interface SerialPico extends Found {
  kind: 'serial';
  /** For example /dev/ttyACM0 or COM3. */
  port: string;
  /** Upper case: programs write the chip's number in either. */
  serialNumber?: string;
  /** Where its program tells that it is not the RP2040. */
  chip?: 'RP2350';
}

/** A Pico in its USB boot loader; nothing tells which of several it is. */
export interface BootloaderPico extends Found {
  kind: 'bootloader';
  volume: BootVolume;
}

/** A debug probe: flashes a Pico that is wired to it, and is none itself. */
export interface DebugProbe extends Found {
  kind: 'probe';
  port: string;
}

export type FoundBoard = VirtualPico | SerialPico | BootloaderPico | DebugProbe;

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
