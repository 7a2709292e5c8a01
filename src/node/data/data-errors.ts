import type { Problem } from '../../core/problem';
import { grouped } from '../../core/text';
import { exitCodes, StarmindError } from '../starmind-error';

/** Every error about text to train on, in one place. All of them are problems with the input. */
function error(code: string, message: string, remedy: string, cause?: unknown): StarmindError {
  return new StarmindError(`data.${code}`, exitCodes.input, message, remedy, { cause });
}

const starterOrFile = 'Take a text file of your own, or set data.source to "starter".';
const resumes = 'Run the command again: the download goes on where it stopped.';

export const dataErrors = {
  missing: (source: string, near: readonly string[]) =>
    error(
      'missing',
      `There is no file or folder ${source}.`,
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : 'Paths are relative to model.json. The built-in sources are starter and tinystories.',
    ),
  noMatch: (pattern: string) =>
    error(
      'no-match',
      `No file matches ${pattern}.`,
      'Check the pattern; it is relative to model.json.',
    ),
  noTextFiles: (folder: string, endings: readonly string[]) =>
    error(
      'no-text-files',
      `The folder ${folder} has no text files (${endings.join(', ')}).`,
      'Put text files there, or name others by a pattern such as texts/**/*.log.',
    ),
  unreadable: (file: string, cause: unknown) =>
    error(
      'unreadable',
      `The file ${file} could not be read: ${reason(cause)}.`,
      'Check that you may read it.',
      cause,
    ),
  unwritable: (file: string, cause: unknown) =>
    error(
      'unwritable',
      `${file} could not be written: ${reason(cause)}.`,
      'Check that you may write there, or set STARMIND_CACHE to another folder.',
      cause,
    ),
  brokenLink: (file: string) =>
    error(
      'missing',
      `${file} is a link to a file that is not there.`,
      'Mend the link, or name the file itself.',
    ),
  noFile: (file: string) =>
    error(
      'no-file',
      `${file} is neither a file nor a folder.`,
      'Name a text file, a folder or a glob.',
    ),
  /** A file with an error that was found in its bytes. */
  unusable: ({ code, message, fix }: Problem) =>
    new StarmindError(code, exitCodes.input, message, fix ?? 'Choose plain text in UTF-8.'),
  otherEncoding: (file: string, encoding: string, offset: number) =>
    error(
      'encoding',
      `${file} is not ${encoding}, as data.encoding says: the byte at ${grouped(offset)} does not belong there.`,
      'Set data.encoding to what the file is, or save it as UTF-8 and leave data.encoding out.',
    ),
  binary: (file: string, offset: number, encoding: string) =>
    error(
      'binary',
      `${file} is not text: read as ${encoding} it has a NUL, ${grouped(offset)} bytes from its start as UTF-8.`,
      'Choose plain text, or set data.encoding to what the file is.',
    ),
  empty: (source: string) => error('empty', `There is no text in ${source}.`, starterOrFile),
  tooSmall: (tokens: number, context: number) =>
    error(
      'too-small',
      `The training text has ${tokens} tokens, fewer than one sequence of ${context + 1}.`,
      'Take more text, or make training.context smaller.',
    ),
  offline: (url: string, cause: unknown) =>
    error(
      'offline',
      `${url} cannot be reached: ${reason(cause)}.`,
      `${resumes} ${starterOrFile}`,
      cause,
    ),
  refused: (url: string, status: number) =>
    error('refused', `${url} answered with HTTP status ${status}.`, starterOrFile),
  checksum: (url: string) =>
    error(
      'checksum',
      `What came from ${url} is damaged: its SHA-256 is not the announced one. It was deleted.`,
      'Run the command again to fetch it anew.',
    ),
  diskFull: (file: string, cause: unknown) =>
    error('disk-full', `There is no room on the disk for ${file}.`, `Make room. ${resumes}`, cause),
};

/** The root cause of a failure: fetch wraps it twice. */
function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? reason(cause.cause) : cause.message || cause.name;
}
