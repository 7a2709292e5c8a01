import { exitCodes, StarmindError } from '../../starmind-error';
import { bootVolumes } from './boot-volumes';
import {
  chipOf,
  virtualPico,
  type BootloaderPico,
  type BootVolume,
  type DebugProbe,
  type FoundBoard,
  type OtherPort,
  type SerialPico,
} from './found-board';
import { hostSystem, type HostSystem, type PortInfo } from './host-system';
import { linuxPorts } from './linux-ports';
import { isSamePort, listedName } from './port-name';
import { productOf } from './usb-ids';

/** The boards of this computer, the virtual one first, and problems that may have hidden others. */
export interface FoundBoards {
  boards: FoundBoard[];
  problems: StarmindError[];
}

/** Looks for every board, once. */
export async function findBoards(system: HostSystem = hostSystem()): Promise<FoundBoards> {
  const problems: StarmindError[] = [];
  const [ports, volumes] = await Promise.all([
    listPorts(system).catch((error: unknown) => {
      problems.push(portsUnknown(error));
      return [];
    }),
    bootVolumes(system),
  ]);
  const named = system.extra.ports.map((name) => portNamed(system, name, ports));
  const extra = (await Promise.all(named)).filter((port) => port !== undefined);
  // A port that the user names counts as a board, whatever USB reports about it.
  const listed = ports
    .flatMap(boardAtPort)
    .filter(({ kind, port }) => kind !== 'port' || !extra.includes(port));
  const serial = distinct([...listed, ...extra.map(boardAtPath)]);
  return { boards: [virtualPico, ...serial, ...volumes.map(boardOfVolume)], problems };
}

/** The board at a port of this name, whatever USB reports about it. */
export function boardAtPath(port: string): SerialPico {
  return { kind: 'serial', id: port, label: 'Pico', detail: port, port };
}

/** A boot loader whose drive is here. */
export function boardOfVolume(volume: BootVolume): BootloaderPico {
  const chip = chipOf(volume);
  const place = volume.path ?? volume.device ?? '';
  return {
    kind: 'bootloader',
    id: place,
    label: `${chip === 'RP2040' ? 'Pico' : (chip ?? volume.boardId)} in its boot loader`,
    detail: volume.path ? place : `${place}, not mounted`,
    volume,
  };
}

async function listPorts(system: HostSystem): Promise<PortInfo[]> {
  const ports = await (system.platform === 'linux' ? linuxPorts(system) : system.ports());
  return ports.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

/**
 * A port that the user names, with its listed details if there are any; undefined while it is
 * absent.
 */
async function portNamed(
  system: HostSystem,
  name: string,
  ports: readonly PortInfo[],
): Promise<string | undefined> {
  const known = await listedName(system, name);
  const listed = ports.find(({ path }) => isSamePort(path, name) || isSamePort(path, known));
  if (listed) return listed.path;
  // On Windows a port is not a file, so its existence cannot be checked.
  if (system.platform === 'win32') return undefined;
  return (await system.realPath(name)) === undefined ? undefined : name;
}

function boardAtPort(info: PortInfo): (SerialPico | DebugProbe | OtherPort)[] {
  const product = productOf(info);
  const { path: port } = info;
  const serialNumber = info.serialNumber?.toUpperCase() || undefined;
  const found = {
    id: serialNumber ?? port,
    port,
    detail: port,
    ...(serialNumber && { serialNumber }),
  };
  if (!product) {
    const label = nameOf(info);
    return label === undefined ? [] : [{ ...found, kind: 'port', label }];
  }
  if (product.kind === 'probe') {
    return [{ ...found, kind: 'probe', label: product.runs ?? 'Debug probe' }];
  }
  const { chip } = product;
  const label = [chip ?? 'Pico', serialNumber].filter(Boolean).join(' ');
  const detail = product.runs ? `${port}, ${product.runs}` : port;
  return [{ ...found, kind: 'serial', label, detail, ...(chip && { chip }) }];
}

/**
 * Label of a port that is no Pico's; undefined for ports that cannot be wired to a board, such as
 * those of modems and Bluetooth: neither is a USB device, and only Windows names them.
 */
function nameOf({ vendorId, friendlyName, manufacturer, pnpId }: PortInfo): string | undefined {
  // Windows appends the port's name, which is shown anyway.
  const name = friendlyName?.replace(/ \(COM\d+\)$/, '');
  if (vendorId === undefined) return pnpId?.startsWith('BTH') ? undefined : name;
  return name || manufacturer || 'Serial port';
}

/**
 * A program may have two ports, and cheap chips share one serial number: the second port gets its
 * path as id.
 */
function distinct<Board extends SerialPico | DebugProbe | OtherPort>(
  boards: readonly Board[],
): Board[] {
  const ids = new Set<string>();
  return boards.flatMap((board) => {
    const id = ids.has(board.id) ? board.port : board.id;
    // A port that the user named may be listed as well.
    if (ids.has(id) || boards.find(({ port }) => port === board.port) !== board) return [];
    ids.add(id);
    return [{ ...board, id }];
  });
}

function portsUnknown(error: unknown): StarmindError {
  if (error instanceof StarmindError) return error;
  return new StarmindError(
    'board.list',
    exitCodes.board,
    `The serial ports cannot be listed: ${String(error)}`,
    'Name the port with --board, for example COM3 or /dev/ttyACM0.',
    { cause: error },
  );
}
