import { setImmediate as nextTurn } from 'node:timers/promises';
import { relative } from 'node:path';
import { separatorProblem } from '../../core/corpus/separator-problem';
import type { DataConfig } from '../../core/model/config';
import type { Problem } from '../../core/problem';
import { starterStories } from '../../core/starter/story';
import { interrupted } from '../starmind-error';
import { splitDocuments, withoutCutDocument } from './documents';
import { dataErrors } from './data-errors';
import { findFiles, identity, readStart, type FoundFiles } from './files';
import { holdOut, type Split } from './split';
import { normaliseText } from './text';
import { tinyStories, tinyStoriesUrl } from './tinystories';

/** Size of a source when `max_bytes` is absent; files are read whole. */
export const defaultMaxBytes = { starter: 8_000_000, tinystories: 64_000_000 } as const;

/** TinyStories has a validation file of 22 MB; this much of it measures as well. */
const tinyStoriesValidBytes = 1_000_000;

/** Stories between two checks of the signal. */
const storiesPerTurn = 1000;

export interface Corpus extends Split {
  /** One line for the user: where the text comes from and how much it is. */
  description: string;
  /** Text that was skipped, or is not as its author meant it. */
  problems: Problem[];
}

export interface CorpusOptions {
  /** Decides the starter stories and which documents are held out. */
  seed: number;
  signal?: AbortSignal;
  onProgress?: (progress: CorpusProgress) => void;
  /** URL to fetch TinyStories from. */
  tinyStoriesUrl?: string;
}

export interface CorpusProgress {
  stage: 'download' | 'generate' | 'read';
  /** Bytes. */
  done: number;
  /** Bytes; unknown while a server does not report them. */
  total: number | undefined;
}

/**
 * The documents for training and evaluation. `data.source` is `starter`, `tinystories`, or a file,
 * folder or glob relative to `baseFolder`. Documents are UTF-8 with LF line ends and without
 * separators; see splitDocuments for where they begin and end. They may share memory.
 *
 * Validation text is `data.validation_file` if there is one, else TinyStories' own, else a share of
 * the documents; it is empty when there is nothing to share. Training text excludes the validation
 * file.
 *
 * @throws StarmindError `data.*` for every fault of the text, `interrupted`
 */
export async function loadCorpus(
  data: DataConfig,
  baseFolder: string,
  options: CorpusOptions,
): Promise<Corpus> {
  const heldOut = await validationFiles(data, baseFolder, options);
  const source = await loadSource(data, baseFolder, heldOut?.files ?? [], options);
  const { documents } = source;
  if (documents.length === 0) throw dataErrors.empty(data.source);
  const valid = heldOut && (await loadValidation(heldOut, data, baseFolder, options));
  const split = valid
    ? { train: documents, valid: valid.documents }
    : holdOut(documents, data.validation_share, options.seed);
  const megabytes = (byteLength(documents) / 1e6).toFixed(2);
  const description =
    `${source.name}: ${megabytes} MB in ${documents.length} documents` +
    (valid ? '' : `, ${split.valid.length} of them held out`);
  return { ...split, description, problems: [...source.problems, ...(valid?.problems ?? [])] };
}

/** Throws unless one training sequence of `context` tokens can be cut from so many tokens. */
export function requireEnoughTokens(tokens: number, context: number): void {
  if (tokens < context + 1) throw dataErrors.tooSmall(tokens, context);
}

interface LoadedText {
  documents: Uint8Array[];
  problems: Problem[];
}

interface Source extends LoadedText {
  name: string;
}

async function loadSource(
  data: DataConfig,
  baseFolder: string,
  heldOut: readonly string[],
  options: CorpusOptions,
): Promise<Source> {
  const path = 'data.source';
  switch (data.source) {
    case 'starter': {
      const maxBytes = data.max_bytes ?? defaultMaxBytes.starter;
      const documents = await generateStarter(maxBytes, options);
      return { documents, problems: [], name: 'starter stories' };
    }
    case 'tinystories': {
      const files = [await fetchTinyStories('train', options)];
      const maxBytes = data.max_bytes ?? defaultMaxBytes.tinystories;
      const reading = { files, path, maxBytes, data: { ...data, encoding: 'utf-8' } };
      return { ...(await readFiles(reading, baseFolder, options)), name: 'TinyStories' };
    }
    default: {
      const found = await findFiles(data.source, baseFolder, path);
      const { files, problems } = await withoutHeldOut(found.files, heldOut, baseFolder);
      const maxBytes = data.max_bytes ?? Infinity;
      const text = await readFiles({ files, path, maxBytes, data }, baseFolder, options);
      const name = files.length === 1 ? data.source : `${data.source} (${files.length} files)`;
      return {
        documents: text.documents,
        problems: [...found.problems, ...problems, ...text.problems],
        name,
      };
    }
  }
}

/** Removes the validation files: text that the model has learnt by heart measures nothing. */
async function withoutHeldOut(
  files: readonly string[],
  heldOut: readonly string[],
  baseFolder: string,
): Promise<{ files: string[]; problems: Problem[] }> {
  const measured = new Set(await Promise.all(heldOut.map(identity)));
  const same = await Promise.all(files.map(async (file) => measured.has(await identity(file))));
  const problems = files
    .filter((_, i) => same[i])
    .map((file): Problem => ({
      code: 'data.held-out',
      severity: 'warning',
      path: 'data.validation_file',
      message:
        files.length === 1
          ? 'The training text is measured on itself: the result says nothing about new text.'
          : `${relative(baseFolder, file)} is held out, and was left out of the training text.`,
    }));
  return { files: files.length === 1 ? [...files] : files.filter((_, i) => !same[i]), problems };
}

interface HeldOutFiles extends FoundFiles {
  maxBytes: number;
  encoding: string;
}

async function validationFiles(
  data: DataConfig,
  baseFolder: string,
  options: CorpusOptions,
): Promise<HeldOutFiles | undefined> {
  if (data.validation_file !== undefined) {
    const found = await findFiles(data.validation_file, baseFolder, 'data.validation_file');
    return { ...found, maxBytes: Infinity, encoding: data.encoding };
  }
  if (data.source !== 'tinystories') return undefined;
  const files = [await fetchTinyStories('valid', options)];
  return { files, problems: [], maxBytes: tinyStoriesValidBytes, encoding: 'utf-8' };
}

async function loadValidation(
  { files, problems, maxBytes, encoding }: HeldOutFiles,
  data: DataConfig,
  baseFolder: string,
  options: CorpusOptions,
): Promise<LoadedText> {
  const path = 'data.validation_file';
  const reading = { files, path, maxBytes, data: { ...data, encoding } };
  const text = await readFiles(reading, baseFolder, options);
  if (text.documents.length === 0) throw dataErrors.empty(data.validation_file ?? data.source);
  return { documents: text.documents, problems: [...problems, ...text.problems] };
}

async function generateStarter(maxBytes: number, options: CorpusOptions): Promise<Uint8Array[]> {
  const encoder = new TextEncoder();
  const documents: Uint8Array[] = [];
  let done = 0;
  for (const story of starterStories(options.seed, maxBytes)) {
    documents.push(encoder.encode(story));
    done += story.length;
    if (documents.length % storiesPerTurn === 0) {
      options.onProgress?.({ stage: 'generate', done, total: maxBytes });
      await turn(options.signal);
    }
  }
  return documents;
}

async function fetchTinyStories(part: 'train' | 'valid', options: CorpusOptions): Promise<string> {
  return tinyStories(part, options.tinyStoriesUrl ?? tinyStoriesUrl, {
    signal: options.signal,
    onProgress: (done, total) => options.onProgress?.({ stage: 'download', done, total }),
  });
}

/** Files to read, at most `maxBytes` of them in all. */
interface Reading {
  files: readonly string[];
  /** Field of model.json that names them. */
  path: string;
  maxBytes: number;
  data: DataConfig;
}

/** Documents of the files in order. */
async function readFiles(
  { files, path, maxBytes, data: { separator, encoding } }: Reading,
  baseFolder: string,
  options: CorpusOptions,
): Promise<LoadedText> {
  const documents: Uint8Array[] = [];
  const problems: Problem[] = [];
  const onProblem = (problem: Problem) => problems.push(problem);
  const separators = { alone: 0, withinLines: 0 };
  let done = 0;
  for (const place of files) {
    if (done >= maxBytes) break;
    await turn(options.signal);
    const { bytes, cut: isCut } = await readStart(place, maxBytes - done);
    const file = relative(baseFolder, place) || place;
    const text = normaliseText(bytes, { file, place, path, encoding, isCut, onProblem });
    const parts = splitDocuments(isCut ? withoutCutDocument(text, separator) : text, separator);
    for (const document of parts.documents) documents.push(document);
    separators.alone += parts.separators.alone;
    separators.withinLines += parts.separators.withinLines;
    done += bytes.length;
    options.onProgress?.({ stage: 'read', done, total: undefined });
  }
  const problem = separatorProblem(separator, separators);
  if (problem) problems.push(problem);
  return { documents, problems };
}

/** Lets other work run, and stops here when the signal is aborted. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  if (signal?.aborted) throw interrupted('Loading the text', 'Run the command again.');
}

function byteLength(documents: readonly Uint8Array[]): number {
  return documents.reduce((bytes, document) => bytes + document.length, 0);
}
