import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { workspace } from 'vscode';
import { runFolder } from '../../node/run/folder';
import { checkModel } from '../check-model';
import { notTrained, workspaceUntrusted } from '../errors';
import { modelOf, requireLocal } from '../models';
import type { Target } from '../target';
import { runPath, type ModelCommand } from './definition';
import { defaultSubject, runSubject, type Subject } from './subject';

/** @throws StarmindError `workspace.untrusted` */
export function requireTrust(): void {
  if (!workspace.isTrusted) throw workspaceUntrusted();
}

/**
 * Makes sure that a program can do `command` with a target.
 *
 * @returns undefined after the errors of the model have been shown
 * @throws StarmindError `workspace.virtual`, `model.outside`, `model.untrained`
 */
export async function prepare(target: Target, command: ModelCommand): Promise<Subject | undefined> {
  requireLocal(target.uri);
  const subject = await subjectOf(target);
  if (subject && command !== 'train') requireTrained(subject);
  return subject;
}

async function subjectOf({ uri, run }: Target): Promise<Subject | undefined> {
  const model = modelOf(uri);
  if (run !== undefined) return runSubject(model, run);
  const config = await checkModel(model);
  return config && defaultSubject(model, config);
}

function requireTrained({ model, run }: Subject): void {
  const folder = dirname(model.uri.fsPath);
  const { checkpoint } = runFolder(join(folder, runPath(run)));
  if (!existsSync(checkpoint)) throw notTrained(`${basename(folder)}/${runPath(run)}`);
}
