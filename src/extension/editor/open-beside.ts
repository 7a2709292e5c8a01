import {
  commands as editor,
  TabInputCustom,
  TabInputText,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type Tab,
  type Uri,
} from 'vscode';
import { modelLanguage } from '../language-client';
import { modelEditorViewType } from './view-type';

/**
 * Opens the form beside the text of a model.json when its tab opens. Only then: a form that the user
 * closed stays closed, and comparisons stay as they are.
 */
export function openFormBeside(): Disposable {
  return window.tabGroups.onDidChangeTabs(({ opened }) => {
    for (const tab of opened) void consider(tab);
  });
}

async function consider({ input, isActive }: Tab): Promise<void> {
  if (!(input instanceof TabInputText) || !isActive) return;
  if (!workspace.getConfiguration('starmind', input.uri).get('openFormBeside')) return;
  const document = workspace.textDocuments.find(({ uri }) => same(uri, input.uri));
  if (document?.languageId !== modelLanguage || document.isUntitled || hasForm(input.uri)) return;
  await editor.executeCommand('vscode.openWith', input.uri, modelEditorViewType, {
    viewColumn: ViewColumn.Beside,
    preserveFocus: true,
  });
}

function hasForm(uri: Uri): boolean {
  return window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => input instanceof TabInputCustom && same(input.uri, uri)),
  );
}

function same(a: Uri, b: Uri): boolean {
  return a.toString() === b.toString();
}
