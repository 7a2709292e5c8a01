import { posix } from 'node:path';
import {
  commands as editor,
  Range,
  type Uri,
  window,
  workspace,
  WorkspaceEdit,
  type CustomTextEditorProvider,
  type Disposable,
  type ExtensionContext,
  type TextDocument,
  type WebviewPanel,
} from 'vscode';
import { getNodeValue } from 'jsonc-parser';
import { namedRuns } from '../../core/model/base';
import type { Architecture } from '../../core/model/config';
import { jsonTree } from '../../core/model/json-tree';
import { differenceOf, editText } from '../../core/model/edit';
import type { Change } from '../../core/problem';
import type { FromModelEditor, ToModelEditor } from '../../core/wire/editor-messages';
import { baseShapesOf } from '../base-shapes';
import { commands } from '../commands';
import { webviewFolder, webviewPage } from '../webview-page';
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
    const folder = webviewFolder(this.extensionUri);
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    webview.html = webviewPage(webview, folder, 'model-editor', 'Starmind model');
    const post = (message: ToModelEditor) => void webview.postMessage(message);
    const tell = () => {
      const held = whyHeld(document.uri);
      const modelFolder = posix.basename(posix.dirname(document.uri.path));
      post({
        kind: 'document',
        text: document.getText(),
        fallbackName: modelFolder || 'model',
        runs: shapesOf(document),
        ...(held !== undefined && { held }),
      });
    };
    const edit = async (changes: readonly Change[]) => {
      if (!(await applyChanges(document, changes))) {
        post({ kind: 'failed', message: `VS Code refused to change ${document.fileName}.` });
      }
      // Answer also when nothing changed: the form waits for it.
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

/** The shapes of the runs that a document names, which the form cannot read itself. */
function shapesOf(document: TextDocument): Record<string, Architecture> {
  const root = jsonTree(document.getText());
  const names = root ? namedRuns(getNodeValue(root)) : [];
  const find = baseShapesOf(document.uri);
  return Object.fromEntries(
    names.flatMap((name) => {
      const shape = find?.(name);
      return shape ? [[name, shape]] : [];
    }),
  );
}

/**
 * Applies changes as one step of undo; text that they do not touch keeps its layout. False when VS
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
