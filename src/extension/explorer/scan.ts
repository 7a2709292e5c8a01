import { FileType, Uri, workspace } from 'vscode';
import { isForeignText } from '../../core/model/foreign';
import { nameFromFolder } from '../../node/run/folder';
import { baseShapesOf } from '../base-shapes';
import { findModels, type ModelFile } from '../models';
import type { ModelEntry } from './model-node';
import { runFiles, summaryFile } from './run-files';
import type { RunEntry } from './run-node';

/** Finds the models of the workspace and their runs through VS Code: the folders may be virtual. */
export async function scanModels(): Promise<ModelEntry[]> {
  const models = await Promise.all((await findModels()).map(scanModel));
  return models.filter((model) => model !== undefined);
}

/** Undefined when the file has just been deleted, or belongs to another program. */
async function scanModel({
  uri,
  relativePath,
  folder,
}: ModelFile): Promise<ModelEntry | undefined> {
  const text = await readText(uri);
  if (text === undefined || isForeignText(text)) return undefined;
  const severalFolders = (workspace.workspaceFolders ?? []).length > 1;
  return {
    uri: uri.toString(),
    path: severalFolders ? `${folder.name}/${relativePath}` : relativePath,
    fallbackName: nameFromFolder(uri.path),
    text,
    findBase: baseShapesOf(uri),
    runs: await scanRuns(Uri.joinPath(uri, '..', 'runs')),
  };
}

async function scanRuns(folder: Uri): Promise<RunEntry[]> {
  const entries = await or(workspace.fs.readDirectory(folder), []);
  const names = entries
    .filter(([, type]) => (type & FileType.Directory) !== 0)
    .map(([name]) => name)
    .sort((a, b) => a.localeCompare(b));
  return Promise.all(names.map((name) => scanRun(name, Uri.joinPath(folder, name))));
}

async function scanRun(name: string, folder: Uri): Promise<RunEntry> {
  const found = await Promise.all(
    runFiles.map(async ({ path }) => {
      const uri = Uri.joinPath(folder, path);
      const stat = await or(workspace.fs.stat(uri), undefined);
      return stat && ([path, { uri: uri.toString(), bytes: stat.size }] as const);
    }),
  );
  return {
    name,
    uri: folder.toString(),
    summary: await readText(Uri.joinPath(folder, summaryFile)),
    files: new Map(found.filter((file) => file !== undefined)),
  };
}

async function readText(uri: Uri): Promise<string | undefined> {
  const bytes = await or(workspace.fs.readFile(uri), undefined);
  return bytes && new TextDecoder().decode(bytes);
}

/** The result of `reading`, or `otherwise` where there is nothing to read. */
async function or<T, U>(reading: Thenable<T>, otherwise: U): Promise<T | U> {
  try {
    return await reading;
  } catch {
    return otherwise;
  }
}
