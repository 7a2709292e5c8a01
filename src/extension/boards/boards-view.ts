import {
  Disposable,
  EventEmitter,
  ThemeIcon,
  TreeItem,
  window,
  type TreeDataProvider,
} from 'vscode';
import { isFlashable, type FoundBoard } from '../../node/board/find/found-board';
import type { CommandBody, CommandName } from '../commands';
import { commands } from '../commands';
import { askBoard } from './choose-board';
import type { Boards } from './boards';
import { boardsViewId } from './view-id';

const icons: Record<FoundBoard['kind'], string> = {
  virtual: 'vm',
  serial: 'plug',
  bootloader: 'arrow-circle-down',
  probe: 'debug',
  port: 'arrow-swap',
};

/** Lists the boards of this computer as they come and go; a click chooses one. */
export class BoardsView implements TreeDataProvider<FoundBoard> {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly owned: Disposable;
  /** Watch for boards only while the view is visible: each look costs a little. */
  private watching: (() => void) | undefined;

  readonly actions = {
    chooseBoard: async (argument) => {
      if (isBoard(argument)) await this.boards.choose(argument.id);
      else await askBoard(this.boards);
    },
  } satisfies Partial<Record<CommandName, CommandBody>>;

  constructor(private readonly boards: Boards) {
    const view = window.createTreeView(boardsViewId, { treeDataProvider: this });
    const unchoose = boards.onChoice(() => this.changed.fire());
    this.owned = Disposable.from(
      view,
      view.onDidChangeVisibility(({ visible }) => this.watch(visible)),
      this.changed,
      new Disposable(unchoose),
      new Disposable(() => this.watch(false)),
    );
    this.watch(view.visible);
  }

  dispose(): void {
    this.owned.dispose();
  }

  getChildren(board?: FoundBoard): FoundBoard[] {
    return board ? [] : [...this.boards.all];
  }

  getTreeItem(board: FoundBoard): TreeItem {
    const { id, label, detail, kind } = board;
    const isChosen = id === this.boards.chosenId;
    const item = new TreeItem(label);
    item.id = id;
    item.description = [detail, isChosen ? 'chosen' : ''].filter(Boolean).join(' · ');
    item.iconPath = new ThemeIcon(isChosen ? 'check' : icons[kind]);
    item.contextValue = `board.${kind}`;
    const users = isFlashable(board) ? 'Build & Flash and the monitor' : 'the monitor';
    item.tooltip = isChosen
      ? `${label}: in use for ${users}.`
      : `${label}: click to use it for ${users}.`;
    const { id: command, title } = commands.chooseBoard;
    item.command = { command, title, arguments: [board] };
    return item;
  }

  private watch(visible: boolean): void {
    if (!visible) {
      this.watching?.();
      this.watching = undefined;
      return;
    }
    this.watching ??= this.boards.watcher.onChange(() => this.changed.fire());
  }
}

/** Whether a command was called on a board of the view. */
export function isBoard(value: unknown): value is FoundBoard {
  return typeof value === 'object' && value !== null && 'kind' in value && 'id' in value;
}
