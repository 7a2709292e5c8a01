import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readHuggingFaceModel } from '../../core/import/hugging-face';
import type { ImportedModel } from '../../core/import/imported';
import { readLlama2c } from '../../core/import/llama2c';
import { readLlama2cTokenizer } from '../../core/import/llama2c-tokenizer';
import { readHuggingFace } from '../../core/tokenizer/hf-read';
import type { TokenizerModel } from '../../core/tokenizer/model';
import { hasErrors, type Checked, type Problem } from '../../core/problem';
import { fileSize } from '../../core/text';
import { kindAt } from '../files';
import { exitCodes, StarmindError } from '../starmind-error';

/** A checkpoint that was read, and how its tokenizer is to be used. */
export interface ForeignCheckpoint {
  model: ImportedModel;
  /** Token that stands around texts, where the checkpoint says so. */
  endOfText: number | undefined;
  warnings: Problem[];
}

/** Larger checkpoints fill the memory, and the flash of a board has 2 MB. */
const largestFile = 2 ** 30;

const checkpointName = 'model.safetensors';

/** The checkpoint that a path means: a folder of Hugging Face's has it under its usual name. */
export function checkpointFile(path: string): string {
  return kindAt(path) === 'folder' ? join(path, checkpointName) : path;
}

/** @throws StarmindError `import.*` */
export async function readForeignCheckpoint(file: string): Promise<ForeignCheckpoint> {
  const bytes = await readWhole(file, 'checkpoint');
  if (!isSafetensors(bytes)) {
    const { value, problems } = accepted(file, readLlama2c(bytes));
    return { model: value, endOfText: undefined, warnings: problems };
  }
  const config = join(dirname(file), 'config.json');
  if (!existsSync(config)) {
    throw refused(
      'import.no-config',
      `There is no config.json beside ${file}: the file holds weights, and not the shape of the model.`,
      'Put the config.json and the tokenizer.json of the model beside it.',
    );
  }
  const text = (await readWhole(config, 'configuration')).toString('utf8');
  const { value, problems } = accepted(file, readHuggingFaceModel(bytes, text));
  return { model: value, endOfText: value.endOfText, warnings: problems };
}

/** The length of a JSON header, then that. */
function isSafetensors(bytes: Buffer): boolean {
  return bytes.length > 8 && bytes[8] === 0x7b && bytes.readUInt32LE(4) === 0;
}

/**
 * The tokenizer of a checkpoint: the given file, or the one beside it.
 *
 * @throws StarmindError `import.*` or `tokenizer.*`
 */
export async function readForeignTokenizer(
  checkpoint: string,
  vocabSize: number,
  given: string | undefined,
): Promise<{ file: string; tokenizer: TokenizerModel; warnings: Problem[] }> {
  const names = ['tokenizer.json', `tok${vocabSize}.bin`, 'tokenizer.bin'];
  const beside = names.map((name) => join(dirname(checkpoint), name));
  const file = given ?? beside.find((each) => existsSync(each));
  if (file === undefined) {
    throw refused(
      'import.no-tokenizer',
      `There is no tokenizer beside ${checkpoint}.`,
      `Name it with --tokenizer, or put it there as ${names.join(', ')}.`,
    );
  }
  const bytes = await readWhole(file, 'tokenizer');
  const isJson = bytes.subarray(0, 64).toString('utf8').trimStart().startsWith('{');
  const { value, problems } = accepted(
    file,
    isJson ? readHuggingFace(bytes.toString('utf8')) : readLlama2cTokenizer(bytes, vocabSize),
  );
  return { file, tokenizer: value, warnings: problems };
}

async function readWhole(file: string, what: string): Promise<Buffer> {
  let size: number;
  try {
    ({ size } = await stat(file));
    if (size <= largestFile) return await readFile(file);
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw refused(
      isMissing ? 'import.missing' : 'import.unreadable',
      isMissing
        ? `There is no file ${file}.`
        : `The ${what} ${file} cannot be read: ${String(cause)}`,
      'Name a file that can be read.',
      cause,
    );
  }
  throw refused(
    'import.too-large',
    `${file} has ${fileSize(size)}; at most ${fileSize(largestFile)} are read, and a board holds 2 MB.`,
    'Import a smaller model.',
  );
}

/** The value of a reader. @throws StarmindError with the code of the first error */
export function accepted<T>(
  file: string,
  { value, problems }: Checked<T>,
): { value: T; problems: Problem[] } {
  if (value !== undefined && !hasErrors(problems)) return { value, problems };
  const errors = problems.filter(({ severity }) => severity === 'error');
  throw refused(
    errors[0]?.code ?? 'import.invalid',
    `${file} cannot be imported: ${errors.map(({ message }) => message).join(' ')}`,
    errors[0]?.fix ?? 'Import another checkpoint.',
  );
}

function refused(code: string, message: string, remedy: string, cause?: unknown): StarmindError {
  return new StarmindError(code, exitCodes.input, message, remedy, { cause });
}
