import { closeSync, openSync, readFileSync, readSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Node } from 'jsonc-parser';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ModelConfig } from '../../core/model/config';
import { unexpectedUtf8, utf8Problem } from '../../core/corpus/text-problem';
import { withoutCutCharacter } from '../../core/corpus/utf8';
import { unusedTokens } from '../../core/estimate/unused-tokens';
import type { ParsedModel } from '../../core/model/parse';
import { placeProblems } from '../../core/model/place';
import type { Problem } from '../../core/problem';
import { grouped } from '../../core/text';
import { otherTokenizer } from '../../core/model/base-tokenizer';
import { leastBytes, misfits } from '../../core/tokenizer/fit';
import { readHuggingFace } from '../../core/tokenizer/hf-read';
import type { TokenizerModel } from '../../core/tokenizer/model';
import type { Checked } from '../../core/problem';
import { URI } from 'vscode-uri';
import { namedFiles, type NamedFile } from './named-files';

/** Problems with the files that a model.json names: missing ones, and those that do not suit it. */
export class FileProblems {
  private readonly tokenizers = new Remembered<Checked<TokenizerModel>>();
  private readonly texts = new Remembered<Problem | undefined>();

  of(document: TextDocument, { root, value: config }: ParsedModel): Problem[] {
    const ofBase = config ? this.baseProblems(document, root, config) : [];
    const ofFiles = namedFiles(document, root).flatMap((named) => {
      const stats = lookAt(named.file);
      if (!stats) return [missing(named)];
      if (!config || !stats.isFile()) return [];
      if (named.path === 'tokenizer.path') {
        return this.tokenizerProblems(root, named, stats, config);
      }
      const small = named.path === 'data.source' ? tooSmall(named, stats, config) : [];
      return [...small, ...this.textProblems(named, stats, config)];
    });
    return [...ofBase, ...ofFiles];
  }

  /** Whether the tokenizer that model.json names is that of the runs that it names. */
  private baseProblems(
    document: TextDocument,
    root: Node | undefined,
    config: ModelConfig,
  ): Problem[] {
    const { tokenizer, training } = config;
    const uri = URI.parse(document.uri);
    if (uri.scheme !== 'file') return [];
    const read = (path: string) => {
      const file = resolve(dirname(uri.fsPath), path);
      const stats = lookAt(file);
      return stats && this.tokenizers.of(file, stats, () => readTokenizer(file)).value;
    };
    const named = tokenizer.type === 'file' ? read(tokenizer.path) : undefined;
    return (['from', 'teacher'] as const).flatMap((role) => {
      const run = training[role];
      const base = run === undefined ? undefined : read(`${run}/tokenizer.json`);
      return base ? placeProblems(root, otherTokenizer(config, role, base, named)) : [];
    });
  }

  private textProblems(
    { file, path, offset, length }: NamedFile,
    stats: Stats,
    { data }: ModelConfig,
  ): Problem[] {
    const { encoding } = data;
    const problem = this.texts.of([file, path, encoding].join('\0'), stats, () =>
      startProblem(file, path, encoding),
    );
    return problem ? [{ ...problem, range: { offset, length } }] : [];
  }

  private tokenizerProblems(
    root: Node | undefined,
    { file, path, offset, length }: NamedFile,
    stats: Stats,
    config: ModelConfig,
  ): Problem[] {
    const { value, problems } = this.tokenizers.of(file, stats, () => readTokenizer(file));
    const name = basename(file);
    const { vocab_size } = config.architecture;
    const fit = value
      ? [...misfits(value, vocab_size, name), ...unusedTokens(config, value.tokens.length)]
      : [];
    // Ranges within the tokenizer's own file are meaningless in this one.
    const own = problems.map((problem) => ({
      ...problem,
      path,
      message: `${name}: ${problem.message}`,
      fixes: [],
      range: { offset, length },
    }));
    return [...own, ...placeProblems(root, fit)];
  }
}

/** Contents of files, read again only when they have changed: every keystroke asks for them. */
class Remembered<T> {
  private readonly known = new Map<string, { time: number; read: T }>();

  /** @param key the file and whatever else decides what is read from it */
  of(key: string, { mtimeMs }: Stats, read: () => T): T {
    const known = this.known.get(key);
    if (known?.time === mtimeMs) return known.read;
    const fresh = read();
    this.known.set(key, { time: mtimeMs, read: fresh });
    return fresh;
  }
}

/** The problem of a text's first bytes if they are not in its encoding; training checks all of it. */
function startProblem(place: string, path: string, encoding: string): Problem | undefined {
  const file = basename(place);
  const start = Buffer.alloc(lookedAt);
  try {
    const descriptor = openSync(place, 'r');
    try {
      const length = readSync(descriptor, start, 0, lookedAt, 0);
      const bytes = start.subarray(0, length);
      const isCut = length === lookedAt;
      const whole = isCut ? withoutCutCharacter(bytes) : bytes;
      const text = { file, place, path };
      return encoding === 'utf-8'
        ? utf8Problem(whole, text)
        : unexpectedUtf8(whole, encoding, text);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const message = `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    const fix = 'Choose a file that can be read.';
    return { code: 'data.unreadable', severity: 'error', path, message, fix };
  }
}

/** Bytes of a text to check while the user types its name. */
const lookedAt = 1 << 16;

/**
 * Stats of a path; undefined when nothing is there, or the path is invalid, such as a name too
 * long.
 */
function lookAt(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** A file may exist that this user may not read. */
function readTokenizer(file: string): Checked<TokenizerModel> {
  try {
    return readHuggingFace(readFileSync(file, 'utf8'));
  } catch (error) {
    const message = `It cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    const fix = 'Choose a tokenizer.json that can be read.';
    const problem = {
      code: 'tokenizer.unreadable',
      severity: 'error',
      path: '',
      message,
      fix,
    } as const;
    return { value: undefined, problems: [problem] };
  }
}

function missing({ path, file, offset, length }: NamedFile): Problem {
  const steps = path.split('.');
  return {
    code: 'data.missing',
    severity: 'error',
    path,
    message: `There is no file ${file}.`,
    fix: 'Give a path relative to this file.',
    fixes:
      path === 'data.source'
        ? [
            {
              title: 'Use the built-in starter stories',
              changes: [{ path: steps, value: 'starter' }],
            },
          ]
        : [{ title: `Remove ${path}`, changes: [{ path: steps, remove: true }] }],
    range: { offset, length },
  };
}

function tooSmall(
  { path, file, offset, length }: NamedFile,
  { size }: Stats,
  { architecture, tokenizer }: ModelConfig,
): Problem[] {
  const { vocab_size } = architecture;
  if (tokenizer.type !== 'bpe' || size >= leastBytes(vocab_size)) return [];
  return [
    {
      code: 'data.small',
      severity: 'warning',
      path,
      message: `${basename(file)} has ${grouped(size)} bytes: too few to learn ${grouped(vocab_size)} tokens from.`,
      fix: 'Use more text, or a smaller vocab_size.',
      range: { offset, length },
    },
  ];
}
