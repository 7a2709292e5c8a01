import { exitCodes, StarmindError } from '../node/errors';

/** A command that starts programs was called in a folder the user has not trusted. */
export function workspaceUntrusted(): StarmindError {
  return new StarmindError(
    'workspace.untrusted',
    exitCodes.input,
    'Training, building and running start programs on the files of this folder.',
    'Trust the folder first: Workspaces: Manage Workspace Trust.',
  );
}

/** The workspace has no model.json that a command could be about. */
export function noModel(): StarmindError {
  return new StarmindError(
    'model.none',
    exitCodes.input,
    'There is no model.json in this workspace.',
    'Open a folder that has one.',
  );
}

/** A task of tasks.json lacks what it needs. */
export function taskWithoutModel(): StarmindError {
  return new StarmindError(
    'task.file',
    exitCodes.input,
    'The task does not say which model it is about.',
    'Give it a "file": the path of a model.json below the workspace folder.',
  );
}
