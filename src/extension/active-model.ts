import { posix } from 'node:path';
import { TabInputCustom, TabInputText, window, type Tab, type Uri } from 'vscode';

/** True for files with the name that models have. */
export function isModelFile(uri: Uri): boolean {
  return posix.basename(uri.path) === 'model.json';
}

/** The model in front of the user: in a text editor, or in the tab of a custom editor. */
export function activeModelUri(): Uri | undefined {
  // VS Code updates the tab a moment after the editor, but only tabs know custom editors.
  const uris = [window.activeTextEditor?.document.uri, activeTabUri()];
  return uris.find((uri) => uri && isModelFile(uri));
}

/** The models in sight beside the active one, for instance beside a panel. */
export function visibleModelUris(): Uri[] {
  const uris = window.tabGroups.all.map(({ activeTab }) => uriOf(activeTab));
  return uris.filter((uri) => uri !== undefined).filter(isModelFile);
}

function activeTabUri(): Uri | undefined {
  return uriOf(window.tabGroups.activeTabGroup.activeTab);
}

function uriOf(tab: Tab | undefined): Uri | undefined {
  const input = tab?.input;
  return input instanceof TabInputText || input instanceof TabInputCustom ? input.uri : undefined;
}
