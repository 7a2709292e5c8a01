import { chip } from '../chip';
import { nearName } from '../near-name';
import { setting, type Fix, type Problem } from '../problem';
import table from './boards.json';
import type { ModelConfig } from './config';

const flashBytes: Readonly<Record<string, number>> = table.flash_bytes;

/** Boards of the pico-sdk that have an RP2040. */
export const boardNames: readonly string[] = Object.keys(flashBytes);

/** Bytes of flash on a board; those of a Pico on one that the pico-sdk does not bring. */
export function boardFlashBytes(board: string): number {
  return (Object.hasOwn(flashBytes, board) ? flashBytes[board] : undefined) ?? chip.flashBytes;
}

/** What is wrong with `target.board`: a board with another chip, or one that nobody knows. */
export function boardProblems({ target: { board } }: ModelConfig): Problem[] {
  const path = 'target.board';
  if (table.other_chips.includes(board)) {
    return [
      {
        ...{ code: 'target.other-chip', severity: 'error', path },
        message: `${board} has an RP2350; the firmware is for the RP2040.`,
        fix: 'Name a board with an RP2040.',
        fixes: [useBoard('pico')],
      },
    ];
  }
  if (Object.hasOwn(flashBytes, board)) return [];
  const near = nearName(board, boardNames);
  return [
    {
      ...{ code: 'target.board-unknown', severity: 'warning', path },
      message: `The pico-sdk brings no board "${board}"${near === undefined ? '.' : `; did you mean "${near}"?`} The estimate assumes the ${chip.flashBytes / 2 ** 20} MB of flash of a Pico.`,
      fix: 'Name the board as its header in the pico-sdk is called, without .h.',
      ...(near !== undefined && { fixes: [useBoard(near)] }),
    },
  ];
}

function useBoard(board: string): Fix {
  return { title: `Set board to "${board}"`, changes: [setting('target.board', board)] };
}
