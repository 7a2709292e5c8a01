import { grouped } from '../../core/text';
import { importRun } from '../../node/import/import-run';
import { quoted } from '../../node/quoted';
import { describeProblem, runFolder } from '../../node/run/folder';
import type { CommandContext } from '../context';
import { buildAndFlash } from '../output';

export interface ImportCommandOptions {
  tokenizer?: string;
  out?: string;
  maxSeqLen?: number;
}

/** `starmind import FILE`: makes a run of a checkpoint of another program. */
export async function importCheckpoint(
  { output }: CommandContext,
  file: string,
  { tokenizer, out, maxSeqLen }: ImportCommandOptions,
): Promise<void> {
  const run = out === undefined ? undefined : runFolder(out);
  const summary = await importRun(file, { tokenizer, maxSeqLen, run });
  for (const problem of summary.problems) output.warning(describeProblem(problem));
  const { format, parameters, tokens } = summary;
  output.text(`Imported ${format}: ${grouped(parameters)} parameters, ${grouped(tokens)} tokens.`);
  output.text(`Run: ${summary.run}`);
  if (summary.earlier_run) output.text(`The earlier run is kept: ${summary.earlier_run}`);
  output.next(
    `starmind generate ${quoted(summary.run)} --prompt "Once upon a time"`,
    buildAndFlash,
  );
  output.result(summary);
}
