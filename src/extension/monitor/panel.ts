import { Disposable, Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import type { FromMonitor } from '../../core/wire/monitor-messages';
import type { Boards } from '../boards/boards';
import { webviewFolder, webviewPage } from '../webview-page';
import { findRun } from './find-run';
import { TokenMonitor } from './token-monitor';
import { monitorViewType } from './view-type';

const recordedSessions = { 'Recorded session': ['jsonl'] };

/** The panel of the token monitor. There is one; opening it again brings it to the front. */
export class MonitorPanel {
  private panel: WebviewPanel | undefined;

  /** @param storage where recordings of this window go */
  constructor(
    private readonly extensionUri: Uri,
    private readonly storage: Uri,
    private readonly boards: Boards,
  ) {}

  open(): void {
    if (this.panel) return this.panel.reveal(undefined, true);
    this.adopt(
      window.createWebviewPanel(
        monitorViewType,
        'Token Monitor',
        { viewColumn: ViewColumn.Beside, preserveFocus: true },
        { retainContextWhenHidden: true },
      ),
    );
  }

  /** Takes a new panel, or one that VS Code has kept over a reload of the window. */
  adopt(panel: WebviewPanel): void {
    const { webview } = panel;
    const folder = webviewFolder(this.extensionUri);
    this.panel = panel;
    panel.iconPath = Uri.joinPath(this.extensionUri, 'media', 'icon.png');
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const monitor = new TokenMonitor(
      {
        post: (message) => void webview.postMessage(message),
        findRun,
        chooseLog,
        chooseRecording,
        tellSaved: (path) => void window.showInformationMessage(`Saved ${path}.`),
      },
      this.boards,
      Uri.joinPath(this.storage, 'sessions').fsPath,
    );
    const owned = Disposable.from(
      webview.onDidReceiveMessage((message: FromMonitor) => monitor.receive(message)),
      new Disposable(() => void monitor.dispose()),
    );
    panel.onDidDispose(() => {
      owned.dispose();
      this.panel = undefined;
    });
    webview.html = webviewPage(webview, folder, 'monitor', 'Token monitor');
  }

  dispose(): void {
    this.panel?.dispose();
  }
}

/** Where the log goes: as .jsonl it can be replayed, as anything else it is what the board sent. */
async function chooseLog(): Promise<string | undefined> {
  const chosen = await window.showSaveDialog({
    title: 'Save what the board has said',
    filters: { 'Text as received': ['log', 'txt'], ...recordedSessions },
    saveLabel: 'Save Log',
  });
  return chosen?.fsPath;
}

async function chooseRecording(): Promise<string | undefined> {
  const chosen = await window.showOpenDialog({
    title: 'Recorded session',
    filters: recordedSessions,
  });
  return chosen?.[0]?.fsPath;
}
