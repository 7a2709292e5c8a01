import { posix } from 'node:path';
import { RelativePattern, Uri, window, workspace, type WorkspaceFolder } from 'vscode';
import { activeModelUri, visibleModelUris } from './active-model';
import { modelOutside, noModel, workspaceVirtual } from './command-errors';

/** A model.json in the workspace. */
export interface ModelFile {
  uri: Uri;
  folder: WorkspaceFolder;
  /** Path below the workspace folder, with forward slashes. */
  relativePath: string;
}

/** Copies that trainings keep, and models of installed packages. */
const excluded = '**/{runs,node_modules}/**';

/** Every model.json of the workspace: by workspace folder in its order, then by path. */
export async function findModels(): Promise<ModelFile[]> {
  const found = await Promise.all((workspace.workspaceFolders ?? []).map(modelsIn));
  return found.flat();
}

/** The folders that programs can run in. */
export function localFolders(): WorkspaceFolder[] {
  return (workspace.workspaceFolders ?? []).filter(({ uri }) => isLocal(uri));
}

/** Whether programs can read it. */
export function isLocal({ scheme }: Uri): boolean {
  return scheme === 'file';
}

/** @throws StarmindError `workspace.virtual` for a model that programs cannot read */
export function requireLocal(uri: Uri): void {
  if (!isLocal(uri)) throw workspaceVirtual(uri.scheme);
}

async function modelsIn(folder: WorkspaceFolder): Promise<ModelFile[]> {
  const files = await workspace.findFiles(
    new RelativePattern(folder, '**/model.json'),
    new RelativePattern(folder, excluded),
  );
  return files
    .map((uri) => modelIn(folder, uri))
    .sort((a, b) => a.relativePath.localeCompare(b.relativePath));
}

function modelIn(folder: WorkspaceFolder, uri: Uri): ModelFile {
  return { uri, folder, relativePath: posix.relative(folder.uri.path, uri.path) };
}

/**
 * The model a command is about: the one in the active editor, else the only one there is or the
 * only one in sight, else the one the user picks; undefined when the user picks none.
 *
 * @throws StarmindError `model.none` when the workspace has no model
 */
export async function chooseModel(): Promise<ModelFile | undefined> {
  const models = await findModels();
  if (models.length === 0) throw noModel();
  const active = activeModelUri()?.toString();
  const edited = models.find(({ uri }) => uri.toString() === active);
  if (edited) return edited;
  if (models.length === 1) return models[0];
  const visible = new Set(visibleModelUris().map(String));
  const [inSight, ...others] = models.filter(({ uri }) => visible.has(uri.toString()));
  if (inSight && others.length === 0) return inSight;
  const severalFolders = (workspace.workspaceFolders ?? []).length > 1;
  const items = models.map((model) => ({
    label: model.relativePath,
    description: severalFolders ? model.folder.name : undefined,
    model,
  }));
  const picked = await window.showQuickPick(items, { placeHolder: 'Which model?' });
  return picked?.model;
}

/** The model that a task of tasks.json names. */
export function modelAt(folder: WorkspaceFolder, relativePath: string): ModelFile {
  return { uri: Uri.joinPath(folder.uri, relativePath), folder, relativePath };
}

/** The model of a file. @throws StarmindError `model.outside` when it is in no workspace folder */
export function modelOf(uri: Uri): ModelFile {
  const folder = workspace.getWorkspaceFolder(uri);
  if (!folder) throw modelOutside(uri.fsPath);
  return modelIn(folder, uri);
}
