export interface WorkbenchContents {
  /** Folder that the workbench opens, or a .code-workspace file. */
  folder: string;
  /** Repository of the extension under test. */
  extension: string;
  /** The bundle whose run() VS Code calls as soon as it is up; without one, a person uses it. */
  suite?: string;
}

/** The workbench of a server on this machine. */
export function workbenchUrl(port: number, { folder, extension, suite }: WorkbenchContents) {
  const authority = `127.0.0.1:${port}`;
  const remote = (path: string) => `vscode-remote://${authority}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ...(suite === undefined ? [] : [['extensionTestsPath', remote(suite)]]),
    ['skipWelcome', 'true'],
  ];
  const kind = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = new URLSearchParams({ [kind]: folder, payload: JSON.stringify(payload) });
  return `http://${authority}/?${query.toString()}`;
}
