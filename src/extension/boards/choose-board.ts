import { window, type QuickPickItem } from 'vscode';
import type { FoundBoard } from '../../node/board/find/found-board';
import type { Boards } from './boards';

/**
 * The board to work with: the one that was chosen before if it is there, else the user chooses.
 *
 * @returns its id; undefined when the user chooses none
 */
export async function chooseBoard(boards: Boards): Promise<string | undefined> {
  await boards.watcher.refresh();
  const { chosenId } = boards;
  if (boards.find(chosenId)) return chosenId;
  return askBoard(boards, 'The board that was chosen is not plugged in. Which one instead?');
}

/** Lets the user choose among the boards that are there; the choice stays. */
export async function askBoard(
  boards: Boards,
  question = 'Where models are flashed to',
): Promise<string | undefined> {
  const { boards: found, problems } = await boards.watcher.refresh();
  const items = found.flatMap((board) => itemOf(board, boards.chosenId));
  const [problem] = problems;
  const picked = await window.showQuickPick(items, {
    title: 'Board',
    placeHolder: problem ? `${problem.message} ${problem.remedy}` : question,
  });
  if (!picked) return undefined;
  await boards.choose(picked.id);
  return picked.id;
}

/** Debug probes flash boards, and are none. */
function itemOf(board: FoundBoard, chosenId: string): (QuickPickItem & { id: string })[] {
  if (board.kind === 'probe') return [];
  const { id, label, detail } = board;
  const icon = board.kind === 'virtual' ? '$(vm)' : '$(plug)';
  const description = id === chosenId ? 'chosen' : undefined;
  return [
    {
      id,
      label: `${icon} ${label}`,
      ...(detail !== undefined && { detail }),
      ...(description !== undefined && { description }),
    },
  ];
}
