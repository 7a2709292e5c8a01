import { homedir } from 'node:os';
import { Uri, window, type OpenDialogOptions } from 'vscode';
import { StarmindError } from '../../node/starmind-error';
import { requireNoModel } from '../../node/run/new-model';
import { localFolders, requireLocal } from '../models';
import { corpusChoices, type Corpus, type CorpusKind } from './corpus';
import type { ProjectAnswers } from './model';
import { withGroups, pick } from './pick';
import { shapeChoices } from './shapes';
import { walk, type Outcome, type Position } from './walk';

const title = 'New Project';

/** Asks for everything that a project needs; undefined when the user gives up. */
export async function askProject(): Promise<ProjectAnswers | undefined> {
  const answers: Partial<ProjectAnswers> = {};
  const done = await walk([
    (position) => askShape(position, answers),
    (position) => askCorpus(position, answers),
    (position) => askFolder(position, answers),
  ]);
  const { shape, corpus, folder } = answers;
  return done && shape && corpus && folder ? { shape, corpus, folder } : undefined;
}

async function askShape(position: Position, answers: Partial<ProjectAnswers>): Promise<Outcome> {
  const picked = await pick({
    ...position,
    title,
    placeholder: 'What should the model be good at?',
    items: withGroups(shapeChoices()),
  });
  if (typeof picked === 'string') return picked;
  if (!('file' in picked)) return 'cancel';
  answers.shape = picked.file;
  return 'next';
}

async function askCorpus(position: Position, answers: Partial<ProjectAnswers>): Promise<Outcome> {
  for (;;) {
    const picked = await pick({
      ...position,
      title,
      placeholder: 'What should it learn from?',
      items: corpusChoices,
    });
    if (typeof picked === 'string') return picked;
    const corpus = await corpusOf(picked.corpus);
    // The user closed the dialog: ask again, another answer is still possible.
    if (!corpus) continue;
    answers.corpus = corpus;
    return 'next';
  }
}

async function corpusOf(kind: CorpusKind): Promise<Corpus | undefined> {
  if (kind === 'starter' || kind === 'tinystories') return { name: kind };
  const path = await askPath(
    kind === 'file'
      ? { title: 'Text to learn from', openLabel: 'Learn from This File' }
      : {
          title: 'Texts to learn from',
          openLabel: 'Learn from This Folder',
          canSelectFolders: true,
        },
  );
  return path === undefined ? undefined : { path };
}

async function askFolder(
  { step, totalSteps }: Position,
  answers: Partial<ProjectAnswers>,
): Promise<Outcome> {
  for (;;) {
    const folder = await askPath({
      title: `${title} (${step}/${totalSteps}): a folder for its model.json`,
      openLabel: 'Create Here',
      canSelectFolders: true,
    });
    if (folder === undefined) return 'back';
    try {
      requireNoModel(folder);
      answers.folder = folder;
      return 'next';
    } catch (error) {
      if (!(error instanceof StarmindError)) throw error;
      if (!(await wantsAnother(error))) return 'cancel';
    }
  }
}

/** Path of a file, or of a folder where `folders` is set; undefined when the user gives up. */
async function askPath(options: OpenDialogOptions): Promise<string | undefined> {
  const [uri] =
    (await window.showOpenDialog({
      canSelectFiles: !options.canSelectFolders,
      defaultUri: localFolders()[0]?.uri ?? Uri.file(homedir()),
      ...options,
    })) ?? [];
  if (uri) requireLocal(uri);
  return uri?.fsPath;
}

async function wantsAnother({ message }: StarmindError): Promise<boolean> {
  const another = 'Choose Another Folder';
  return (await window.showErrorMessage(message, { modal: true }, another)) === another;
}
