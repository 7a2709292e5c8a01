import {
  commands as editor,
  TabInputCustom,
  TabInputText,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type Memento,
  type Tab,
  type Uri,
} from 'vscode';
import { settings } from '../settings';
import { isForeignText } from '../../core/model/foreign';
import { modelLanguage } from '../model-language';
import { modelEditorViewType } from './view-type';

const shownKey = 'editor.formShown';

/**
 * Opens the form beside the text of a model.json when its tab opens. Only then: a form that the
 * user closed stays closed, and comparisons stay as they are.
 *
 * @param memory remembers the models whose form was opened in this workspace
 */
export function openFormBeside(memory: Memento): Disposable {
  const shown = new Set(memory.get<string[]>(shownKey, []));
  const consider = async ({ input }: Tab, again: boolean): Promise<void> => {
    if (!(input instanceof TabInputText)) return;
    const { uri } = input;
    if (!again && shown.has(uri.toString())) return;
    if (!(await wantsForm(uri))) return;
    shown.add(uri.toString());
    await memory.update(shownKey, [...shown]);
    await editor.executeCommand('vscode.openWith', uri, modelEditorViewType, {
      viewColumn: ViewColumn.Beside,
      preserveFocus: true,
    });
  };
  // The tab that woke the extension, or one that VS Code restored with the window.
  const { activeTab } = window.tabGroups.activeTabGroup;
  if (activeTab) void consider(activeTab, false);
  // VS Code opens a tab first and then brings it to the front; ignore tabs that open in the
  // background.
  const fresh = new WeakSet<Tab>();
  return window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
    for (const tab of opened) fresh.add(tab);
    for (const tab of [...opened, ...changed]) {
      if (!tab.isActive || !fresh.delete(tab)) continue;
      void consider(tab, true);
    }
  });
}

async function wantsForm(uri: Uri): Promise<boolean> {
  if (uri.scheme === 'untitled' || hasForm(uri)) return false;
  if (!workspace.getConfiguration(undefined, uri).get(settings.openFormBeside)) return false;
  const document = await workspace.openTextDocument(uri);
  return document.languageId === modelLanguage && !isForeignText(document.getText());
}

function hasForm(uri: Uri): boolean {
  return window.tabGroups.all.some(({ tabs }) =>
    tabs.some(
      ({ input }) => input instanceof TabInputCustom && input.uri.toString() === uri.toString(),
    ),
  );
}
