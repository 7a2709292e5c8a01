import { workspace, type Uri } from 'vscode';
import type { StarmindError } from '../../node/starmind-error';
import { workspaceUntrusted, workspaceVirtual } from '../command-errors';

/** Why the editor cannot start programs on a model; undefined when it can. */
export function whyHeld(uri: Uri): string | undefined {
  const say = ({ message, remedy }: StarmindError) => `${message} ${remedy}`;
  if (!workspace.isTrusted) return say(workspaceUntrusted());
  if (uri.scheme !== 'file') return say(workspaceVirtual(uri.scheme));
  return undefined;
}
