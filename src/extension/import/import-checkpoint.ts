import { dirname } from 'node:path';
import { commands as editor, ProgressLocation, Uri, window, type OpenDialogOptions } from 'vscode';
import { importProject } from '../../node/import/import-project';
import { describeProblem } from '../../node/run/folder';
import { requireNoModel } from '../../node/run/new-model';
import { StarmindError } from '../../node/starmind-error';
import { grouped } from '../../core/text';
import { commands } from '../commands';
import { log } from '../log';
import { localFolders, requireLocal } from '../models';
import { reported } from '../show';

/** Lets the user choose a checkpoint of another program, and makes a project of it. */
export async function importCheckpoint(): Promise<void> {
  const checkpoint = await choose({
    title: 'Checkpoint to import: llama2.c (.bin) or a Hugging Face Llama (.safetensors)',
    openLabel: 'Import',
    filters: { Checkpoints: ['bin', 'safetensors'], All: ['*'] },
  });
  if (checkpoint === undefined) return;
  const folder = await choose({
    title: 'A folder for the model.json and the run of the checkpoint',
    openLabel: 'Create Here',
    canSelectFolders: true,
    canSelectFiles: false,
    defaultUri: localFolders()[0]?.uri ?? Uri.file(dirname(checkpoint)),
  });
  if (folder === undefined) return;
  requireNoModel(folder);
  const made = await importWithTokenizer(checkpoint, folder);
  if (!made) return;
  const { model, summary } = made;
  for (const problem of summary.problems) log.warn(describeProblem(problem));
  await editor.executeCommand('vscode.open', Uri.file(model));
  // Do not await it: the message may stay for hours, and the command is over.
  void reported(() => offerNext(Uri.file(model), summary));
}

/** Asks for the tokenizer where none is beside the checkpoint; undefined when the user gives up. */
async function importWithTokenizer(
  checkpoint: string,
  folder: string,
): Promise<Awaited<ReturnType<typeof importProject>> | undefined> {
  const run = (tokenizer?: string) =>
    window.withProgress(
      { location: ProgressLocation.Notification, title: 'Importing the checkpoint' },
      () => importProject(checkpoint, folder, { tokenizer }),
    );
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof StarmindError) || error.code !== 'import.no-tokenizer') throw error;
  }
  const tokenizer = await choose({
    title: 'The tokenizer of the checkpoint: tokenizer.bin or tokenizer.json',
    openLabel: 'Use This Tokenizer',
    filters: { Tokenizers: ['bin', 'json'], All: ['*'] },
    defaultUri: Uri.file(dirname(checkpoint)),
  });
  return tokenizer === undefined ? undefined : run(tokenizer);
}

async function offerNext(
  model: Uri,
  { format, parameters, problems }: Awaited<ReturnType<typeof importProject>>['summary'],
): Promise<void> {
  const flash = commands.flash.title;
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more: see the log)` : '';
  const warning = first ? ` ${describeProblem(first)}${more}` : '';
  const answer = await window.showInformationMessage(
    `Imported ${grouped(parameters)} parameters of ${format}.${warning}`,
    flash,
  );
  if (answer === flash) await editor.executeCommand(commands.flash.id, model);
}

async function choose(options: OpenDialogOptions): Promise<string | undefined> {
  const [uri] = (await window.showOpenDialog(options)) ?? [];
  if (uri) requireLocal(uri);
  return uri?.fsPath;
}
