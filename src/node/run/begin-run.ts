import { writeHuggingFace } from '../../core/tokenizer/hf-write';
import type { TokenizerModel } from '../../core/tokenizer/model';
import { replaceFile } from '../files';
import { claimFolder, isInput, type RunInputs } from './claim-folder';
import { clearResults, keepEarlier } from './earlier-run';
import type { RunFolder } from './folder';

/** Content of a new run that stands before its weights. */
export interface NewRun {
  modelText: string;
  tokenizer: TokenizerModel;
  /** Files that the run is made from; those in its folder stay as they are. */
  inputs: RunInputs;
  /** How to treat an earlier run in the same folder. */
  earlier: 'resume' | 'keep' | 'replace';
}

/**
 * Claims the folder of a run and writes its model.json and tokenizer.json; an earlier run is kept
 * first. The caller owns the folder, and has checked that it is claimable.
 *
 * @returns folder of the earlier run; undefined when there is none
 * @throws StarmindError `disk.full`, `run.unwritable` or `run.unkept`
 */
export async function beginRun(run: RunFolder, content: NewRun): Promise<string | undefined> {
  const { modelText, tokenizer, inputs, earlier } = content;
  const contents: [string, string][] = [
    [run.model, modelText],
    [run.tokenizer, writeHuggingFace(tokenizer)],
  ];
  const written = new Map(contents.filter(([file]) => !isInput(file, inputs)));
  await claimFolder(run, written);
  const kept = earlier === 'keep' ? await keepEarlier(run) : undefined;
  if (earlier !== 'resume') await clearResults(run);
  for (const [file, text] of written) await replaceFile(file, text);
  return kept;
}

/** Writes the result of a training or an import. Leave out its path: the user may move the folder. */
export async function writeSummary(run: RunFolder, summary: object): Promise<void> {
  await replaceFile(run.summary, `${JSON.stringify(summary, null, 2)}\n`);
}
