import { realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { countParameters } from '../../core/estimate/parameters';
import { unusedTokens } from '../../core/estimate/unused-tokens';
import type { ModelFile } from '../../core/model/defaults';
import { parseModel } from '../../core/model/parse';
import type { Problem } from '../../core/problem';
import { misfits } from '../../core/tokenizer/fit';
import { isSamePlace, replaceFile, unwritable } from '../files';
import { exitCodes, StarmindError } from '../starmind-error';
import { writeCheckpoint } from '../train/checkpoint';
import { beginRun, writeSummary } from '../run/begin-run';
import { requireClaimable } from '../run/claim-folder';
import { exportImage } from '../run/export';
import { nameFromFolder, runFolder, type RunFolder } from '../run/folder';
import { whileTraining } from '../run/run-owner';
import {
  accepted,
  checkpointFile,
  readForeignCheckpoint,
  readForeignTokenizer,
} from './foreign-files';

/** Result of `starmind import`; its keys are part of the command line's contract. */
export interface ImportSummary {
  run: string;
  /** Folder that keeps an earlier run of this place; null when there is none. */
  earlier_run: string | null;
  format: string;
  parameters: number;
  /** Of the tokenizer. */
  tokens: number;
  /** Warnings: parts of the original without effect here. */
  problems: Problem[];
}

export interface ImportOptions {
  /** The tokenizer's file, where it is not beside the checkpoint. */
  tokenizer?: string | undefined;
  /** A shorter context than the model's own. */
  maxSeqLen?: number | undefined;
  /** Default: runs/NAME in the present folder, by the name of the checkpoint. */
  run?: RunFolder | undefined;
}

/**
 * Makes a run of a checkpoint of another program: of llama2.c, or a Llama of Hugging Face's library.
 * The run is like a trained one, but for the state from which a training would resume.
 *
 * @throws StarmindError `import.*` for a checkpoint that cannot be read or computed, `tokenizer.*`,
 *   `run.*` and `disk.full`
 */
export async function importRun(path: string, options: ImportOptions = {}): Promise<ImportSummary> {
  const file = checkpointFile(path);
  const { model, endOfText, warnings } = await readForeignCheckpoint(file);
  const name = importedName(file);
  const modelText = modelTextOf(name, shortened(model.architecture, options.maxSeqLen));
  const { value: config, problems } = accepted(file, parseModel(modelText, name));
  const { architecture } = config;
  const read = await readForeignTokenizer(file, architecture.vocab_size, options.tokenizer);
  const [misfit] = misfits(read.tokenizer, architecture.vocab_size, read.file);
  if (misfit) throw foreignTokenizer(misfit);
  const tokenizer =
    endOfText !== undefined && endOfText < read.tokenizer.tokens.length
      ? { ...read.tokenizer, eosId: endOfText }
      : read.tokenizer;
  const told = [
    ...warnings,
    ...problems.filter(({ severity }) => severity === 'warning'),
    ...read.warnings,
    ...unusedTokens(config, tokenizer.tokens.length),
  ];
  const run = options.run ?? runFolder(join('runs', name));
  requireApart(run, [file, read.file]);
  await mkdir(run.path, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(run.path, cause);
  });
  const parameters = countParameters(architecture).total;
  const kept = await whileTraining(run, async () => {
    const inputs = { model: file, tokenizer: read.file };
    await requireClaimable(run, inputs);
    const earlier = await beginRun(run, { modelText, tokenizer, inputs, earlier: 'keep' });
    const { weights } = model;
    await writeCheckpoint(run.checkpoint, architecture, { weights, modelText, step: 0 });
    await replaceFile(run.image, exportImage(config, weights, tokenizer));
    const origin = { file: basename(file), format: model.format };
    await writeSummary(run, { imported: origin, parameters, tokens: tokenizer.tokens.length });
    return earlier;
  });
  return {
    run: run.path,
    earlier_run: kept ?? null,
    format: model.format,
    parameters,
    tokens: tokenizer.tokens.length,
    problems: told,
  };
}

/** Name of the run of a checkpoint: its file's, or its folder's where files all have one name. */
export function importedName(file: string): string {
  const stem = basename(file, extname(file));
  return nameFromFolder(stem === 'model' ? file : join(stem, basename(file)));
}

function modelTextOf(name: string, architecture: ModelFile['architecture']): string {
  const tokenizer = { path: 'tokenizer.json' };
  const model: ModelFile = { version: 1, name, architecture, tokenizer };
  return `${JSON.stringify(model, null, 2)}\n`;
}

function shortened<T extends ModelFile['architecture']>(architecture: T, maxSeqLen?: number): T {
  if (maxSeqLen === undefined) return architecture;
  if (maxSeqLen <= architecture.max_seq_len) return { ...architecture, max_seq_len: maxSeqLen };
  throw new StarmindError(
    'import.max-seq-len',
    exitCodes.input,
    `The model has seen at most ${architecture.max_seq_len} positions, fewer than ${maxSeqLen}.`,
    `Use --max-seq-len ${architecture.max_seq_len} or less.`,
  );
}

/** A run removes and replaces files in its folder, and its input may have one of their names. */
function requireApart(run: RunFolder, inputs: readonly string[]): void {
  const inside = inputs.find((file) =>
    [file, realpathSync(file)].some((place) => isSamePlace(dirname(place), run.path)),
  );
  if (inside === undefined) return;
  throw new StarmindError(
    'import.same-folder',
    exitCodes.input,
    `${inside} lies in ${run.path}, the folder of the new run, which could write over it.`,
    'Import into another folder with --out DIR.',
  );
}

function foreignTokenizer({ code, message }: Problem): StarmindError {
  return new StarmindError(
    code,
    exitCodes.input,
    message,
    'Give the tokenizer that the model was trained with: --tokenizer FILE.',
  );
}
