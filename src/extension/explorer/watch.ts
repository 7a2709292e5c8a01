import { Disposable, workspace } from 'vscode';

/** A training writes several files a second; do not read the view again for each. */
const delay = 500;

/** Calls `changed` soon after models or their runs have changed on the disk. */
export function watchModels(changed: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined;
  // Count from the first change: files that change all the time must not put it off for ever.
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      changed();
    }, delay);
  };
  const watchers = ['**/model.json', '**/runs/**'].map((pattern) => {
    const watcher = workspace.createFileSystemWatcher(pattern);
    watcher.onDidCreate(soon);
    watcher.onDidChange(soon);
    watcher.onDidDelete(soon);
    return watcher;
  });
  const folders = workspace.onDidChangeWorkspaceFolders(soon);
  return Disposable.from(...watchers, folders, new Disposable(() => clearTimeout(timer)));
}
