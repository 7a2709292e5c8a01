import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { commands as editor, window, workspace } from 'vscode';
import type { ModelConfig } from '../../core/model/config';
import { catchUp } from '../../node/run/catch-up';
import { runFolder } from '../../node/run/folder';
import { checkModel } from '../check-model';
import { commands } from '../commands';
import { notTrained, workspaceUntrusted } from '../command-errors';
import { modelOf, requireLocal } from '../models';
import type { Target } from '../target';
import { runPath, type ModelCommand } from './definition';
import { defaultSubject, runSubject, type Subject } from './subject';

/** @throws StarmindError `workspace.untrusted` */
export function requireTrust(): void {
  if (!workspace.isTrusted) throw workspaceUntrusted();
}

/**
 * Makes sure that a program can do `command` with a target, and asks the user where the run is
 * older than model.json.
 *
 * @returns undefined after showing the errors of the model, or when the user changes their mind
 * @throws StarmindError `workspace.virtual`, `model.outside`, `model.untrained`
 */
export async function prepare(target: Target, command: ModelCommand): Promise<Subject | undefined> {
  requireLocal(target.uri);
  const model = modelOf(target.uri);
  if (target.run !== undefined) {
    const subject = runSubject(model, target.run);
    if (command !== 'train') requireTrained(subject);
    return subject;
  }
  const config = await checkModel(model);
  if (!config) return undefined;
  const subject = defaultSubject(model, config);
  if (command === 'train') return subject;
  requireTrained(subject);
  return (await isWanted(subject, config)) ? subject : undefined;
}

/** Asks whether to use the run as it was trained, although model.json has changed since. */
async function isWanted(subject: Subject, config: ModelConfig): Promise<boolean> {
  const changed = await catchUp(folderOf(subject), subject.model.uri.fsPath, config);
  if (changed.length === 0) return true;
  const goOn = 'Go On As Trained';
  const train = 'Train Instead';
  const answer = await window.showWarningMessage(
    `model.json has changed since "${subject.run}" was trained: ${changed.join(', ')}.`,
    { modal: true, detail: 'Only training again brings these changes to the board.' },
    goOn,
    train,
  );
  if (answer === train) await editor.executeCommand(commands.train.id, subject.model.uri);
  return answer === goOn;
}

function folderOf({ model, run }: Subject): ReturnType<typeof runFolder> {
  return runFolder(join(dirname(model.uri.fsPath), runPath(run)));
}

function requireTrained(subject: Subject): void {
  const { checkpoint } = folderOf(subject);
  if (existsSync(checkpoint)) return;
  const folder = basename(dirname(subject.model.uri.fsPath));
  throw notTrained(`${folder}/${runPath(subject.run)}`);
}
