import type { Disposable } from 'vscode';
import { Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import { webviewFolder, webviewPage } from './webview-page';

export interface SinglePanelOptions {
  /** The id by which package.json wakes the extension for this panel. */
  viewType: string;
  title: string;
  /** Name of the bundle of its webview. */
  bundle: string;
  /** State from the time before, as JSON, for a new page; an open page keeps its state itself. */
  kept?: () => unknown;
  /** Connects a new panel; disposes the result with the panel. `isRestored`: after a reload. */
  connect: (panel: WebviewPanel, isRestored: boolean) => Disposable;
}

/**
 * A panel that exists once a window. Opening it again brings it to the front, and VS Code restores
 * it after a reload of the window.
 */
export class SinglePanel {
  private panel: WebviewPanel | undefined;
  private readonly serializer: Disposable;

  constructor(
    private readonly extensionUri: Uri,
    private readonly options: SinglePanelOptions,
  ) {
    this.serializer = window.registerWebviewPanelSerializer(options.viewType, {
      deserializeWebviewPanel: (panel) => Promise.resolve(this.adopt(panel, true)),
    });
  }

  /** @param takesFocus true when the user asked for the panel itself and goes on in it */
  open({ takesFocus = false } = {}): void {
    const preserveFocus = !takesFocus;
    if (this.panel) return this.panel.reveal(undefined, preserveFocus);
    const { viewType, title } = this.options;
    const column = { viewColumn: ViewColumn.Beside, preserveFocus };
    const panel = window.createWebviewPanel(viewType, title, column, {
      retainContextWhenHidden: true,
    });
    this.adopt(panel, false);
  }

  dispose(): void {
    this.serializer.dispose();
    this.panel?.dispose();
  }

  private adopt(panel: WebviewPanel, isRestored: boolean): void {
    // Close a panel that the user opened before VS Code restored this one.
    this.panel?.dispose();
    this.panel = panel;
    const { bundle, title, kept, connect } = this.options;
    const { webview } = panel;
    const folder = webviewFolder(this.extensionUri);
    panel.iconPath = Uri.joinPath(this.extensionUri, 'media', 'icon.png');
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const owned = connect(panel, isRestored);
    panel.onDidDispose(() => {
      owned.dispose();
      if (this.panel === panel) this.panel = undefined;
    });
    webview.html = webviewPage(webview, folder, bundle, title, kept?.());
  }
}
