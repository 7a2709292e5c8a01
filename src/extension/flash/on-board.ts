import { isFlashable } from '../../node/board/find/found-board';
import { proofOf } from '../../node/flash/flash-board';
import { flashRun } from '../../node/flash/flash-run';
import type { FlashTarget } from '../../node/flash/job';
import type { FlashProgress } from '../../node/flash/progress';
import type { Boards } from '../boards/boards';
import { targetAway } from '../command-errors';
import { flashed, sizes, type Flashing } from './flashing';

/** Flashes a board that is plugged in; returns a sentence about the result. */
export async function onBoard(flashing: Flashing, id: string): Promise<string> {
  const { boards, run, modelOnly, signal, tell } = flashing;
  const board = (await boards.watcher.refresh()).boards.find((other) => other.id === id);
  if (!board || !isFlashable(board) || board.kind === 'virtual') throw targetAway();
  const target: FlashTarget = board;
  const { report, ...plan } = await flashRun(run, target, {
    modelOnly,
    signal,
    // A probe's port stays open while OpenOCD flashes the board that is wired to it.
    hello: target.kind === 'serial' ? boards.link(id).hello : undefined,
    lend: (use) => boards.link(id).lend('flashing', use),
    onLine: tell,
    onProgress: ({ message, fraction }: FlashProgress) => tell(message, fraction),
  });
  if (!report || plan.flash === 'nothing') return plan.reason;
  // A user who watches the UART through a probe keeps watching it there.
  const isFollowed = target.kind !== 'probe' && boards.chosenId === id;
  if (report.port !== null && isFollowed) await follow(boards, report.port);
  const proof = report.port === null ? ` ${proofOf(report)}` : '';
  return `${flashed(run, plan.flash)} in ${report.seconds.toFixed(1)} s.${proof}${sizes(plan.build)}`;
}

/** A board that was a drive is now a serial port: choose the board with this port. */
async function follow(boards: Boards, port: string): Promise<void> {
  const { boards: found } = await boards.watcher.refresh();
  const board = found.find((other) => other.kind === 'serial' && other.port === port);
  if (board) await boards.choose(board.id);
}
