import { setImmediate as nextTurn } from 'node:timers/promises';
import { relative } from 'node:path';
import type { DataConfig } from '../../core/model/config';
import { starterStories } from '../../core/starter/story';
import { interrupted } from '../starmind-error';
import { splitDocuments, withoutCutDocument } from './documents';
import { dataErrors } from './data-errors';
import { findFiles, readStart } from './files';
import { holdOut, type Split } from './split';
import { normaliseText } from './text';
import { tinyStories, tinyStoriesUrl } from './tinystories';

/** What a source gives when `max_bytes` does not say; files are taken whole. */
export const defaultMaxBytes = { starter: 8_000_000, tinystories: 64_000_000 } as const;

/** TinyStories has a validation file of 22 MB; this much of it measures as well. */
const tinyStoriesValidBytes = 1_000_000;

/** Stories between two looks at the signal. */
const storiesPerTurn = 1000;

export interface Corpus extends Split {
  /** One line for people: where the text comes from and how much it is. */
  description: string;
}

export interface CorpusOptions {
  /** Decides the starter stories and which documents are held out. */
  seed: number;
  signal?: AbortSignal;
  onProgress?: (progress: CorpusProgress) => void;
  /** Where TinyStories is fetched from. */
  tinyStoriesUrl?: string;
}

export interface CorpusProgress {
  stage: 'download' | 'generate' | 'read';
  /** Bytes. */
  done: number;
  /** Bytes; unknown while a server does not tell. */
  total: number | undefined;
}

/**
 * The documents that a model is trained and measured on. `data.source` is `starter`, `tinystories`,
 * or a file, folder or glob relative to `baseFolder`. Documents are UTF-8 with LF line ends and
 * without separators; see splitDocuments for where they begin and end. They may share memory.
 *
 * Validation text is `data.validation_file` if it is given, else TinyStories' own, else a share of
 * the documents; it is empty when there is nothing to share.
 *
 * @throws StarmindError `data.*` for everything that is wrong with the text, `interrupted`
 */
export async function loadCorpus(
  data: DataConfig,
  baseFolder: string,
  options: CorpusOptions,
): Promise<Corpus> {
  const { documents, name } = await loadSource(data, baseFolder, options);
  if (documents.length === 0) throw dataErrors.empty(data.source);
  const valid = await loadValidation(data, baseFolder, options);
  const split = valid
    ? { train: documents, valid }
    : holdOut(documents, data.validation_share, options.seed);
  const megabytes = (byteLength(documents) / 1e6).toFixed(2);
  const description =
    `${name}: ${megabytes} MB in ${documents.length} documents` +
    (valid ? '' : `, ${split.valid.length} of them held out`);
  return { ...split, description };
}

/** Throws unless one training sequence of `context` tokens can be cut from so many tokens. */
export function requireEnoughTokens(tokens: number, context: number): void {
  if (tokens < context + 1) throw dataErrors.tooSmall(tokens, context);
}

interface Source {
  documents: Uint8Array[];
  name: string;
}

async function loadSource(
  data: DataConfig,
  baseFolder: string,
  options: CorpusOptions,
): Promise<Source> {
  switch (data.source) {
    case 'starter': {
      const maxBytes = data.max_bytes ?? defaultMaxBytes.starter;
      return { documents: await generateStarter(maxBytes, options), name: 'starter stories' };
    }
    case 'tinystories': {
      const file = await fetchTinyStories('train', options);
      const maxBytes = data.max_bytes ?? defaultMaxBytes.tinystories;
      const documents = await readFiles([file], baseFolder, data.separator, maxBytes, options);
      return { documents, name: 'TinyStories' };
    }
    default: {
      const files = await findFiles(data.source, baseFolder);
      const maxBytes = data.max_bytes ?? Infinity;
      const documents = await readFiles(files, baseFolder, data.separator, maxBytes, options);
      const name = files.length === 1 ? data.source : `${data.source} (${files.length} files)`;
      return { documents, name };
    }
  }
}

async function loadValidation(
  data: DataConfig,
  baseFolder: string,
  options: CorpusOptions,
): Promise<Uint8Array[] | undefined> {
  let files: string[];
  let maxBytes = Infinity;
  if (data.validation_file !== undefined) {
    files = await findFiles(data.validation_file, baseFolder);
  } else if (data.source === 'tinystories') {
    files = [await fetchTinyStories('valid', options)];
    maxBytes = tinyStoriesValidBytes;
  } else {
    return undefined;
  }
  const documents = await readFiles(files, baseFolder, data.separator, maxBytes, options);
  if (documents.length === 0) throw dataErrors.empty(data.validation_file ?? data.source);
  return documents;
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

/** Documents of the files in order, from at most `maxBytes` of text in all. */
async function readFiles(
  files: readonly string[],
  baseFolder: string,
  separator: string,
  maxBytes: number,
  options: CorpusOptions,
): Promise<Uint8Array[]> {
  const documents: Uint8Array[] = [];
  let done = 0;
  for (const file of files) {
    if (done >= maxBytes) break;
    await turn(options.signal);
    const { bytes, cut } = await readStart(file, maxBytes - done);
    const text = normaliseText(bytes, relative(baseFolder, file) || file);
    const whole = cut ? withoutCutDocument(text, separator) : text;
    for (const document of splitDocuments(whole, separator)) documents.push(document);
    done += bytes.length;
    options.onProgress?.({ stage: 'read', done, total: undefined });
  }
  return documents;
}

/** Lets other work go on, and stops here if that was asked for. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  if (signal?.aborted) throw interrupted('Loading the text', 'Run the command again.');
}

function byteLength(documents: readonly Uint8Array[]): number {
  return documents.reduce((bytes, document) => bytes + document.length, 0);
}
