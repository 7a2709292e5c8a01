import {
  commands as editor,
  Disposable,
  Uri,
  window,
  workspace,
  type Memento,
  type WebviewPanel,
} from 'vscode';
import type { FromMonitor } from '../../core/wire/monitor-messages';
import type { Boards } from '../boards/boards';
import { commands } from '../commands';
import { isBoard } from '../boards/boards-view';
import { SinglePanel } from '../single-panel';
import { findConfig, findImage } from './find-image';
import { TokenMonitor, type ChosenRecording } from './token-monitor';
import { monitorViewType } from './view-type';

const settingsKey = 'monitor.settings';
const connectedKey = 'monitor.connected';

const recordedSessions = { 'Recorded session': ['jsonl'] };

/** The panel of the token monitor. */
export class MonitorPanel {
  private readonly panel: SinglePanel;
  private monitor: TokenMonitor | undefined;

  /**
   * @param storage folder for the recordings of this window
   * @param memory keeps the settings of the view
   */
  constructor(
    extensionUri: Uri,
    private readonly storage: Uri,
    private readonly boards: Boards,
    private readonly memory: Memento,
  ) {
    this.panel = new SinglePanel(extensionUri, {
      viewType: monitorViewType,
      title: 'Token Monitor',
      bundle: 'monitor',
      kept: () => memory.get(settingsKey),
      connect: (panel, isRestored) => this.connect(panel, isRestored),
    });
  }

  /** Opens it as the user left it. @param board entry of the view of boards, to connect to */
  async show(board: unknown): Promise<void> {
    this.panel.open({ takesFocus: true });
    if (!isBoard(board)) return;
    await this.boards.choose(board.id);
    this.listen();
  }

  /** Opens it and connects to the chosen board, also when the user had disconnected it. */
  listen(): void {
    this.panel.open();
    void this.monitor?.receive({ kind: 'choose', board: this.boards.chosenId });
  }

  dispose(): void {
    this.panel.dispose();
  }

  private connect(panel: WebviewPanel, isRestored: boolean): Disposable {
    const { webview } = panel;
    const monitor = new TokenMonitor(
      {
        post: (message) => void webview.postMessage(message),
        findImage,
        findConfig,
        chooseLog,
        chooseRecording,
        // After a reload of the window, do not reopen a port that the user has disconnected.
        connects: !isRestored || this.memory.get(connectedKey, true),
        keepConnected: (connected) => void this.memory.update(connectedKey, connected),
        keep: (settings) => void this.memory.update(settingsKey, settings),
        flash: async (board) => editor.executeCommand(commands.flash.id, board),
        tellSaved: (path) => void window.showInformationMessage(`Saved ${path}.`),
      },
      this.boards,
      Uri.joinPath(this.storage, 'sessions').fsPath,
    );
    this.monitor = monitor;
    monitor.watch(panel.visible);
    return Disposable.from(
      panel.onDidChangeViewState(() => monitor.watch(panel.visible)),
      webview.onDidReceiveMessage((message: FromMonitor) => monitor.receive(message)),
      new Disposable(() => {
        if (this.monitor === monitor) this.monitor = undefined;
        void monitor.dispose();
      }),
    );
  }
}

/**
 * Asks where to save the log: a .jsonl file can be replayed, any other holds the board's output.
 */
async function chooseLog(): Promise<string | undefined> {
  const [folder] = workspace.workspaceFolders ?? [];
  const stamp = new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-');
  const chosen = await window.showSaveDialog({
    title: 'Save what the board has said',
    filters: { 'Text as received': ['log', 'txt'], ...recordedSessions },
    saveLabel: 'Save Log',
    ...(folder && { defaultUri: Uri.joinPath(folder.uri, `board-${stamp}.log`) }),
  });
  return chosen?.fsPath;
}

async function chooseRecording(): Promise<ChosenRecording | undefined> {
  const [chosen] =
    (await window.showOpenDialog({ title: 'Recorded session', filters: recordedSessions })) ?? [];
  if (!chosen) return undefined;
  const ways = [
    { label: 'As It Was', description: 'with the times between', fast: false },
    { label: 'All at Once', description: 'to look through it', fast: true },
  ];
  const way = await window.showQuickPick(ways, { title: 'How the session is shown' });
  return way && { path: chosen.fsPath, fast: way.fast };
}
