import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import {
  commands as editor,
  Range,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
  type CustomTextEditorProvider,
  type Disposable,
  type ExtensionContext,
  type TextDocument,
  type Webview,
  type WebviewPanel,
} from 'vscode';
import { differenceOf, editText } from '../../core/model/edit';
import type { Change } from '../../core/problem';
import type { FromModelEditor, ToModelEditor } from '../../core/wire/editor-messages';
import { commands } from '../commands';
import { chooseFile } from './choose-file';
import { whyHeld } from './held';
import { showText } from './show-text';
import { modelEditorViewType } from './view-type';

/** The form of a model.json. The text stays the document: undo, save and hot exit are VS Code's. */
export class ModelEditorProvider implements CustomTextEditorProvider {
  constructor(private readonly extensionUri: Uri) {}

  static register({ extensionUri }: ExtensionContext): Disposable {
    return window.registerCustomEditorProvider(
      modelEditorViewType,
      new ModelEditorProvider(extensionUri),
      {
        webviewOptions: { retainContextWhenHidden: true },
        supportsMultipleEditorsPerDocument: true,
      },
    );
  }

  resolveCustomTextEditor(document: TextDocument, { webview, onDidDispose }: WebviewPanel): void {
    const dist = Uri.joinPath(this.extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    webview.html = page(webview, dist);
    const post = (message: ToModelEditor) => void webview.postMessage(message);
    const tell = () => {
      const held = whyHeld(document.uri);
      const folder = posix.basename(posix.dirname(document.uri.path));
      post({
        kind: 'document',
        text: document.getText(),
        fallbackName: folder || 'model',
        ...(held !== undefined && { held }),
      });
    };
    const edit = async (changes: readonly Change[]) => {
      if (!(await applyChanges(document, changes))) {
        post({ kind: 'failed', message: `VS Code refused to change ${document.fileName}.` });
      }
      // Also when nothing changed: the form waits for an answer.
      tell();
    };
    const receive = async (message: FromModelEditor): Promise<void> => {
      switch (message.kind) {
        case 'ready':
          return tell();
        case 'edit':
          return edit(message.changes);
        case 'openText':
          return showText(document, message.offset);
        case 'run':
          return editor.executeCommand(commands[message.command].id, document.uri);
        case 'choose':
          return edit(await chooseFile(document, message.field));
      }
    };
    const subscriptions = [
      workspace.onDidChangeTextDocument((event) => {
        if (event.document === document && event.contentChanges.length > 0) tell();
      }),
      workspace.onDidGrantWorkspaceTrust(tell),
      webview.onDidReceiveMessage(receive),
    ];
    onDidDispose(() => subscriptions.forEach((subscription) => subscription.dispose()));
  }
}

/**
 * Carries out changes as one step of undo; what they do not touch keeps its layout. False when VS
 * Code refuses.
 */
async function applyChanges(document: TextDocument, changes: readonly Change[]): Promise<boolean> {
  const text = document.getText();
  const difference = differenceOf(text, editText(text, changes));
  if (!difference) return true;
  const { offset, length, content } = difference;
  const range = new Range(document.positionAt(offset), document.positionAt(offset + length));
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, range, content);
  return workspace.applyEdit(edit);
}

function page(webview: Webview, dist: Uri): string {
  const resource = (name: string) => webview.asWebviewUri(Uri.joinPath(dist, name)).toString();
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource} 'nonce-${nonce}'; img-src ${webview.cspSource}`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <!-- The toolkit tries a style of its own to learn what the browser can do. -->
    <meta property="csp-nonce" content="${nonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Starmind model</title>
    <link rel="stylesheet" href="${resource('model-editor.css')}" />
  </head>
  <body>
    <main id="root"></main>
    <script nonce="${nonce}" src="${resource('model-editor.js')}"></script>
  </body>
</html>`;
}
