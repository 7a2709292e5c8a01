import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataConfig } from '../../../src/core/model/config';
import { loadCorpus, requireEnoughTokens } from '../../../src/node/data/corpus';
import { exitCodes, type StarmindError } from '../../../src/node/starmind-error';
import { errorOf, folderWith } from './folder';

function config(source: string, more: Partial<DataConfig> = {}): DataConfig {
  return { source, separator: '<|endoftext|>', encoding: 'utf-8', validation_share: 0, ...more };
}

const load = (data: DataConfig, folder: string) => loadCorpus(data, folder, { seed: 1 });
const texts = (documents: readonly Uint8Array[]) =>
  documents.map((document) => new TextDecoder().decode(document));

async function trainTexts(data: DataConfig, folder: string): Promise<string[]> {
  return texts((await load(data, folder)).train);
}

describe('documents', () => {
  const stories =
    'One.\n<|endoftext|>\nTwo.\n\nStill two.\n<|endoftext|>\n\n<|endoftext|>\nThree.\n';

  const wanted = ['One.', 'Two.\n\nStill two.', 'Three.'];

  it.each<[string, string | Uint8Array, string[]]>([
    ['end at separator lines', stories, wanted],
    ['have LF line ends', stories.replaceAll('\n', '\r\n'), wanted],
    ['keep a lone CR among other line ends', 'a\rb\nc', ['a\rb\nc']],
    ['have LF line ends for CR alone', stories.replaceAll('\n', '\r'), wanted],
    [
      'end at separators with white space behind them',
      stories.replaceAll('|>\n', '|> \t\n'),
      wanted,
    ],
    ['lose the byte order mark', '\ufeffHello', ['Hello']],
    [
      'do not end within a line',
      'A <|endoftext|> b.\n<|endoftext|>\n<|endoftext|> c.',
      ['A <|endoftext|> b.', '<|endoftext|> c.'],
    ],
    ['may be one', 'Only.\n<|endoftext|>\n', ['Only.']],
    ['may be short running text', 'One.\n\nTwo.', ['One.\n\nTwo.']],
  ])('%s', async (_, content, expected) => {
    const folder = folderWith({ 'a.txt': content });
    expect(await trainTexts(config('a.txt'), folder)).toEqual(expected);
  });

  it('of running text end at blank lines, line ends, spaces or anywhere', async () => {
    const paragraph = (letter: string) => `${letter.repeat(9)} `.repeat(80);
    const folder = folderWith({
      'paragraphs.txt': ['a', 'b', 'c', 'd'].map(paragraph).join('\n\n'),
      'lines.txt': ['a', 'b', 'c', 'd'].map(paragraph).join('\n'),
      'words.txt': paragraph('a').repeat(5),
      'letters.txt': 'é'.repeat(3000),
    });
    const [first, second] = await trainTexts(config('paragraphs.txt'), folder);
    expect(first).toBe(`${paragraph('a')}\n\n${paragraph('b')}`);
    expect(second).toBe(`${paragraph('c')}\n\n${paragraph('d')}`);
    const lines = await trainTexts(config('lines.txt'), folder);
    expect(lines.map((text) => text.length)).toEqual([1601, 1601]);
    for (const source of ['words.txt', 'letters.txt']) {
      const documents = await trainTexts(config(source), folder);
      expect(documents.length).toBeGreaterThan(1);
      expect(documents.every((text) => Buffer.byteLength(text) <= 2048)).toBe(true);
      expect(documents.join('')).not.toContain('\ufffd');
    }
  });

  it('end at separators of the user', async () => {
    const folder = folderWith({ 'a.txt': 'a\n---\nb\n---\nc' });
    expect(await trainTexts(config('a.txt', { separator: '---' }), folder)).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});

describe('sources', () => {
  const files = {
    'texts/one.txt': 'one',
    'texts/more/two.md': 'two',
    'texts/photo.jpg': Uint8Array.of(0, 1, 2),
    'notes.log': 'log',
  };

  it.each<[string, string[]]>([
    ['texts/one.txt', ['one']],
    ['texts', ['two', 'one']],
    ['texts/**/*.md', ['two']],
    ['*.log', ['log']],
    ['{notes,none}.log', ['log']],
  ])('%s', async (source, expected) => {
    expect(await trainTexts(config(source), folderWith(files))).toEqual(expected);
  });

  it('may be absolute', async () => {
    const folder = folderWith(files);
    expect(await trainTexts(config(join(folder, 'notes.log')), '/')).toEqual(['log']);
  });

  it('are cut at max_bytes, after a whole document', async () => {
    const folder = folderWith({ 'a.txt': 'one\n<|endoftext|>\ntwo\n<|endoftext|>\nthree' });
    expect(await trainTexts(config('a.txt', { max_bytes: 38 }), folder)).toEqual(['one', 'two']);
    const several = folderWith({ 'a.txt': 'aaaa', 'b.txt': 'bbbb', 'c.txt': 'cccc' });
    expect(await trainTexts(config('.', { max_bytes: 8 }), several)).toEqual(['aaaa', 'bbbb']);
  });

  it('give starter stories', async () => {
    const progress: number[] = [];
    const corpus = await loadCorpus(config('starter', { max_bytes: 1e6 }), '/', {
      seed: 3,
      onProgress: ({ done }) => progress.push(done),
    });
    const bytes = corpus.train.reduce((sum, document) => sum + document.length, 0);
    expect(bytes).toBeGreaterThan(0.99e6);
    expect(bytes).toBeLessThanOrEqual(1e6);
    expect(progress.length).toBeGreaterThan(0);
    expect(corpus.description).toMatch(/starter stories: 1\.00 MB in \d+ documents/);
  });

  it('can be interrupted', async () => {
    const error = await errorOf(
      loadCorpus(config('starter'), '/', { seed: 1, signal: AbortSignal.abort() }),
    );
    expect(error.exitCode).toBe(exitCodes.interrupted);
  });
});

describe('validation', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => `Story number ${i}.`).join('\n<|endoftext|>\n');

  it('holds out about the share, and the same documents when the data grows', async () => {
    const folder = folderWith({ 'few.txt': many(1000), 'many.txt': many(2000) });
    const few = await load(config('few.txt', { validation_share: 0.1 }), folder);
    const more = await load(config('many.txt', { validation_share: 0.1 }), folder);
    expect(few.valid.length).toBeGreaterThan(70);
    expect(few.valid.length).toBeLessThan(130);
    expect(few.train.length + few.valid.length).toBe(1000);
    const held = new Set(texts(more.valid));
    expect(texts(few.valid).every((text) => held.has(text))).toBe(true);
    const other = await loadCorpus(config('few.txt', { validation_share: 0.1 }), folder, {
      seed: 2,
    });
    expect(texts(other.valid)).not.toEqual(texts(few.valid));
  });

  it('leaves something on both sides of two documents', async () => {
    const folder = folderWith({ 'a.txt': many(2) });
    for (const share of [0.001, 0.5, 0.999]) {
      const { train, valid } = await load(config('a.txt', { validation_share: share }), folder);
      expect([train.length, valid.length]).toEqual([1, 1]);
    }
  });

  it('holds nothing out of one document, nor of copies of one', async () => {
    const folder = folderWith({ 'one.txt': 'one', 'same.txt': 'a\n<|endoftext|>\na' });
    for (const source of ['one.txt', 'same.txt']) {
      expect((await load(config(source, { validation_share: 0.5 }), folder)).valid).toEqual([]);
    }
  });

  it('uses a validation file of the user', async () => {
    const folder = folderWith({ 'a.txt': many(10), 'v.txt': 'Held out.' });
    const more = { validation_share: 0.5, validation_file: 'v.txt' };
    const { train, valid } = await load(config('a.txt', more), folder);
    expect(train).toHaveLength(10);
    expect(texts(valid)).toEqual(['Held out.']);
  });
});

describe('errors', () => {
  const text = 'Some text that is long enough to have a start. ';
  const binary = Buffer.concat([
    Buffer.from(text),
    Buffer.from([0xff, 0xfe, 0xfd]),
    Buffer.alloc(40, 0x9f),
  ]);
  const files = {
    'stories.txt': 'story',
    'empty.txt': '\n\n<|endoftext|>\n\n',
    'nul.txt': Buffer.concat([Buffer.from(text), Buffer.from([0])]),
    'binary.txt': binary,
    'pictures/a.png': 'x',
  };

  it.each<[string, Partial<DataConfig>, string, RegExp]>([
    ['storys.txt', {}, 'data.missing', /Did you mean stories.txt/],
    ['nothing/like/it', {}, 'data.missing', /relative to model.json/],
    ['*.csv', {}, 'data.no-match', /pattern/],
    ['pictures', {}, 'data.no-text-files', /pattern/],
    ['empty.txt', {}, 'data.empty', /starter/],
    ['nul.txt', {}, 'data.binary', /UTF-8/],
    ['binary.txt', {}, 'data.encoding', /windows-1251/],
    ['stories.txt', { validation_file: 'none.txt' }, 'data.missing', /model.json/],
    ['stories.txt', { validation_file: 'empty.txt' }, 'data.empty', /./],
  ])('%s %j: %s', async (source, more, code, remedy) => {
    const error = await errorOf(load(config(source, more), folderWith(files)));
    expect(error.code).toBe(code);
    expect(error.exitCode).toBe(exitCodes.input);
    expect(error.remedy).toMatch(remedy);
    expect(error.message).toContain(more.validation_file ?? source);
  });

  it('name the byte where a file stops being text', async () => {
    const folder = folderWith(files);
    const nul = await errorOf(load(config('nul.txt'), folder));
    expect(nul.message).toContain(`a NUL byte at byte ${text.length}.`);
    const invalid = await errorOf(load(config('binary.txt'), folder));
    expect(invalid.message).toContain(`byte 0xFF at offset ${text.length} (line 1)`);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'name a file that may not be read',
    async () => {
      const folder = folderWith(files);
      chmodSync(join(folder, 'stories.txt'), 0);
      const error = await errorOf(load(config('stories.txt'), folder));
      expect(error.code).toBe('data.unreadable');
    },
  );

  it('name a folder in the place of a file', async () => {
    const folder = folderWith({ 'a.txt/b.txt': 'b' });
    expect(await trainTexts(config('a.txt'), folder)).toEqual(['b']);
  });

  it('state how many tokens are too few', () => {
    expect(() => requireEnoughTokens(33, 32)).not.toThrow();
    expect(() => requireEnoughTokens(32, 32)).toThrow(
      expect.objectContaining({ code: 'data.too-small' } satisfies Partial<StarmindError>),
    );
  });
});
