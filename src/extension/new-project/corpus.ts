import { isAbsolute, relative } from 'node:path';

/** Training text: a name that model.json knows, or the path of a file or folder. */
export type Corpus = { name: 'starter' | 'tinystories' } | { path: string };

/** Choices of the second step; for `file` and `folder` it goes on to ask for a path. */
export type CorpusKind = 'starter' | 'tinystories' | 'file' | 'folder';

export interface CorpusChoice {
  corpus: CorpusKind;
  label: string;
  description: string;
  detail: string;
}

export const corpusChoices: readonly CorpusChoice[] = [
  {
    corpus: 'starter',
    label: 'Starter stories',
    description: 'built in',
    detail: 'Short stories in simple English, written by a program: 8 MB, at once.',
  },
  {
    corpus: 'tinystories',
    label: 'TinyStories',
    description: 'downloaded once, 2 GB',
    detail: 'Short stories written by a large language model; of those, 64 MB.',
  },
  {
    corpus: 'file',
    label: 'My own text file...',
    description: '',
    detail: 'UTF-8 text. A line <|endoftext|> stands between documents.',
  },
  {
    corpus: 'folder',
    label: 'A folder of my own texts...',
    description: '',
    detail: 'Every .txt, .md and .text file below it.',
  },
];

/** `data.source` of a model.json in `folder`: a path relative to it where that is possible. */
export function corpusSource(corpus: Corpus, folder: string): string {
  if ('name' in corpus) return corpus.name;
  const path = relative(folder, corpus.path);
  // The path is on another drive of Windows.
  if (isAbsolute(path)) return path;
  const portable = path.replaceAll('\\', '/');
  // The user's folder may itself be called "starter".
  return portable.startsWith('..') ? portable : `./${portable}`;
}
