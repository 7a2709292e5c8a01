import { stat } from 'node:fs/promises';
import { boardAtPath, boardOfVolume, findBoards } from '../board/find/find-boards';
import type { FoundBoard } from '../board/find/found-board';
import { hostSystem, type HostSystem } from '../board/find/host-system';
import { exitCodes, StarmindError } from '../errors';
import type { FlashTarget } from './job';

/**
 * The board that a user means.
 *
 * @param name its id, its port or its drive; without one it is the only board there is
 * @throws StarmindError `flash.no-board`, `flash.several-boards`, `flash.virtual`
 */
export async function chooseTarget(
  name: string | undefined,
  system: HostSystem = hostSystem(),
): Promise<FlashTarget> {
  const { boards, problems } = await findBoards(system);
  const targets = boards.filter(isTarget);
  if (name === undefined) {
    const [only, ...others] = targets;
    if (only && others.length === 0) return only;
    if (only) throw severalBoards(targets);
    throw problems[0] ?? noBoard();
  }
  if (name === 'virtual') throw virtualBoard();
  const known = targets.find((board) => isCalled(board, name));
  if (known) return known;
  const probe = boards.find((board) => board.kind === 'probe' && board.port === name);
  if (probe) throw debugProbe(name);
  // A place that the system does not list as a Pico's may be one all the same.
  const place = await stat(name).catch(() => undefined);
  if (place?.isDirectory()) return boardOfVolume(await volumeAt(name, system));
  if (place?.isCharacterDevice() || /^COM\d+$/i.test(name)) return boardAtPath(name);
  throw noSuchBoard(name, targets);
}

function isTarget(board: FoundBoard): board is FlashTarget {
  return board.kind === 'serial' || board.kind === 'bootloader';
}

function isCalled(board: FlashTarget, name: string): boolean {
  if (board.id === name || board.id === name.toUpperCase()) return true;
  if (board.kind === 'serial') return board.port === name;
  const { path, device } = board.volume;
  // Drives are often named with a separator at their end: by Windows, and by shells.
  const bare = (place: string): string => place.replace(/[\\/]+$/, '');
  return device === name || (path !== undefined && bare(path) === bare(name));
}

async function volumeAt(path: string, system: HostSystem) {
  const { boards } = await findBoards({ ...system, extra: { ports: [], volumes: [path] } });
  const board = boards.find((other) => other.kind === 'bootloader' && isCalled(other, path));
  if (board?.kind === 'bootloader') return board.volume;
  throw targetError(
    'no-board',
    `${path} is not the drive of a boot loader: it has no INFO_UF2.TXT.`,
    'Hold the BOOTSEL button while plugging the board in, and name its drive.',
  );
}

function targetError(code: string, message: string, remedy: string): StarmindError {
  return new StarmindError(`flash.${code}`, exitCodes.board, message, remedy);
}

function noBoard(): StarmindError {
  return targetError(
    'no-board',
    'There is no Pico at this computer.',
    'Plug one in; one without a program, while its BOOTSEL button is held. Without a board: starmind run RUN --board virtual.',
  );
}

function severalBoards(boards: readonly FlashTarget[]): StarmindError {
  return targetError(
    'several-boards',
    `There are ${boards.length} boards: ${boards.map(({ id }) => id).join(', ')}.`,
    'Name one with --board.',
  );
}

function noSuchBoard(name: string, boards: readonly FlashTarget[]): StarmindError {
  const there =
    boards.length === 0
      ? 'No board is plugged in'
      : `The boards are ${boards.map(({ id }) => id).join(', ')}`;
  return targetError(
    'no-board',
    `There is no board called ${name}.`,
    `${there}; starmind boards lists them.`,
  );
}

function debugProbe(port: string): StarmindError {
  return targetError(
    'probe',
    `${port} belongs to a debug probe, which flashes boards and is none.`,
    'Name the board that is wired to it, or leave --board out: with OpenOCD, the probe is used by itself.',
  );
}

function virtualBoard(): StarmindError {
  return targetError(
    'virtual',
    'The virtual Pico is not flashed from the command line: it starts with each command.',
    'Run the model on it: starmind run RUN --board virtual.',
  );
}
