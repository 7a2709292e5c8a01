import { posix } from 'node:path';
import { TabInputCustom, TabInputText, window, type Uri } from 'vscode';

/** True of files with the name that models have. */
export function isModelFile(uri: Uri): boolean {
  return posix.basename(uri.path) === 'model.json';
}

/** The model in front of the user: in a text editor, or in the tab of a custom one. */
export function activeModelUri(): Uri | undefined {
  // The tab follows a moment after the editor; but only tabs know of custom editors.
  const uris = [window.activeTextEditor?.document.uri, activeTabUri()];
  return uris.find((uri) => uri && isModelFile(uri));
}

function activeTabUri(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputText || input instanceof TabInputCustom ? input.uri : undefined;
}
