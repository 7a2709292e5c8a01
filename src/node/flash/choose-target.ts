import { stat } from 'node:fs/promises';
import { boardAtPath, boardOfVolume, findBoards } from '../board/find/find-boards';
import type { FoundBoard } from '../board/find/found-board';
import { hostSystem, type HostSystem } from '../board/find/host-system';
import { isSamePort, listedName } from '../board/find/port-name';
import { exitCodes, StarmindError } from '../starmind-error';
import { findFlashTool } from '../toolchain/find-flash-tool';
import type { FlashTarget } from './job';

/**
 * The board that the user means.
 *
 * @param name its id, its port or its drive, or those of the probe that it is wired to; without one
 *   it is the only board there is
 * @param hasOpenocd whether OpenOCD can flash boards through a probe
 * @throws StarmindError `flash.no-board`, `flash.several-boards`, `flash.virtual`
 */
export async function chooseTarget(
  name: string | undefined,
  system: HostSystem = hostSystem(),
  hasOpenocd: () => boolean = () => findFlashTool('openocd') !== undefined,
): Promise<FlashTarget> {
  const { boards, problems } = await findBoards(system);
  const targets = boards.filter(isTarget);
  if (name === undefined) {
    const [only, ...others] = unnamedTargets(targets, hasOpenocd);
    if (only && others.length === 0) return only;
    if (only) throw severalBoards([only, ...others]);
    throw problems[0] ?? noBoard(targets[0]);
  }
  if (name === 'virtual') throw virtualBoard();
  const known = await boardCalled(name, targets, system);
  if (known) return known;
  // A path that the system does not list as a Pico's may be one all the same.
  const place = await stat(name).catch(() => undefined);
  if (place?.isDirectory()) return boardOfVolume(await volumeAt(name, system));
  const port = await portAt(name, system);
  if (port) return port;
  if (place?.isCharacterDevice()) return boardAtPath(name);
  throw noSuchBoard(name, targets);
}

function isTarget(board: FoundBoard): board is FlashTarget {
  return board.kind === 'serial' || board.kind === 'bootloader' || board.kind === 'probe';
}

/** Candidates when the user names none: a board that is wired to a probe may be on USB as well. */
function unnamedTargets(
  targets: readonly FlashTarget[],
  hasOpenocd: () => boolean,
): readonly FlashTarget[] {
  const picos = targets.filter(({ kind }) => kind !== 'probe');
  if (picos.length > 0) return picos;
  return targets.length > 0 && hasOpenocd() ? targets : [];
}

async function boardCalled(
  name: string,
  targets: readonly FlashTarget[],
  system: HostSystem,
): Promise<FlashTarget | undefined> {
  const listed = await listedName(system, name);
  return (
    targets.find((board) => isCalled(board, name)) ??
    targets.find((board) => isCalled(board, listed))
  );
}

function isCalled(board: FlashTarget, name: string): boolean {
  if (board.id === name || board.id === name.toUpperCase()) return true;
  if (board.kind !== 'bootloader') return isSamePort(board.port, name);
  const { path, device } = board.volume;
  // Windows and shells often add a separator to the end of a drive's name.
  const bare = (place: string): string => place.replace(/[\\/]+$/, '');
  return device === name || (path !== undefined && bare(path) === bare(name));
}

/** A port that the system does not list as a Pico's. */
async function portAt(name: string, system: HostSystem): Promise<FlashTarget | undefined> {
  const { boards } = await findBoards({ ...system, extra: { ports: [name], volumes: [] } });
  return boardCalled(name, boards.filter(isTarget), system);
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

/** @param probe a connected probe that cannot be used */
function noBoard(probe: FlashTarget | undefined): StarmindError {
  return targetError(
    'no-board',
    'There is no Pico at this computer.',
    [
      'Plug one in; one without a program, while its BOOTSEL button is held.',
      ...(probe ? ['To flash through the debug probe, install OpenOCD 0.12 or later.'] : []),
      'Without a board: starmind run RUN --board virtual.',
    ].join(' '),
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

function virtualBoard(): StarmindError {
  return targetError(
    'virtual',
    'The virtual Pico is not flashed from the command line: it starts with each command.',
    'Run the model on it: starmind run RUN --board virtual.',
  );
}
