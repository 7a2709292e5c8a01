import { window, type QuickPickItem } from 'vscode';
import { isFlashable, type FlashableBoard } from '../../node/board/find/found-board';
import type { Boards } from './boards';

/**
 * The board to flash: the chosen one if it is there, else the user chooses; where no board is
 * plugged in, it is the virtual Pico. A port that the user chose for the monitor and that leads to
 * no boot loader stays chosen.
 *
 * @returns its id; undefined when the user chooses none
 */
export async function chooseBoard(boards: Boards): Promise<string | undefined> {
  const { boards: found } = await boards.watcher.refresh();
  const { chosenId, chosenBefore } = boards;
  // The virtual Pico is the default only where no other board is plugged in.
  const isPlugged = found.some((board) => isFlashable(board) && board.kind !== 'virtual');
  if (chosenBefore === undefined && isPlugged) return askBoard(boards);
  const chosen = boards.find(chosenId);
  if (!chosen) {
    return askBoard(boards, 'The board that was chosen is not plugged in. Which one instead?');
  }
  if (isFlashable(chosen)) return chosenId;
  return pickBoard(boards, `${chosen.label} is for the monitor alone. Which board is flashed?`);
}

/** Lets the user choose among the boards that are there, and remembers the choice. */
export async function askBoard(
  boards: Boards,
  question = 'Where models are flashed to',
): Promise<string | undefined> {
  const id = await pickBoard(boards, question);
  if (id !== undefined) await boards.choose(id);
  return id;
}

async function pickBoard(boards: Boards, question: string): Promise<string | undefined> {
  const { boards: found, problems } = await boards.watcher.refresh();
  const items = found.filter(isFlashable).map((board) => itemOf(board, boards.chosenId));
  const [problem] = problems;
  const picked = await window.showQuickPick(items, {
    title: 'Board',
    placeHolder: problem ? `${problem.message} ${problem.remedy}` : question,
  });
  return picked?.id;
}

const icons: Record<FlashableBoard['kind'], string> = {
  virtual: '$(vm)',
  serial: '$(plug)',
  bootloader: '$(plug)',
  probe: '$(debug)',
};

function itemOf(board: FlashableBoard, chosenId: string): QuickPickItem & { id: string } {
  const { id, label } = board;
  const icon = icons[board.kind];
  const detail =
    board.kind === 'probe' ? `${board.port}: through the debug probe, with OpenOCD` : board.detail;
  const description = id === chosenId ? 'chosen' : undefined;
  return {
    id,
    label: `${icon} ${label}`,
    ...(detail !== undefined && { detail }),
    ...(description !== undefined && { description }),
  };
}
