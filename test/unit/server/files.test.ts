import { jsonTree } from '../../../src/core/model/json-tree';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseModel } from '../../../src/core/model/parse';
import { presets } from '../../../src/core/model/presets';
import { dataLinks } from '../../../src/server/features/data-links';
import { writeHuggingFace } from '../../../src/core/tokenizer/hf-write';
import { trainTokenizer } from '../../../src/core/tokenizer/learn';
import { bytesToUnicode } from '../../../src/core/tokenizer/byte-unicode';
import { FileProblems } from '../../../src/server/features/file-problems';

/** A model.json in a folder that is on no disk. */
function documentWith(sections: object, uri = 'file:///starmind-files/model.json'): TextDocument {
  const text = JSON.stringify({ ...presets[0]?.file, ...sections });
  return TextDocument.create(uri, 'starmind-model', 1, text);
}

function problemsOf(document: TextDocument) {
  return new FileProblems().of(document, parseModel(document.getText()));
}

describe('a file that a model names', () => {
  it('is missing when its name is longer than any may be', () => {
    const problems = problemsOf(documentWith({ data: { source: 'x'.repeat(10_000) } }));
    expect(problems.map(({ code }) => code)).toEqual(['data.missing']);
  });

  it('is missing, and is no link, when its name has half a character', () => {
    const document = documentWith({ data: { source: 'a\ud800', validation_file: 'b.txt' } });
    expect(problemsOf(document)).toHaveLength(2);
    expect(dataLinks(document, jsonTree(document.getText())).map(({ target }) => target)).toEqual([
      'file:///starmind-files/b.txt',
    ]);
  });

  // A file that exists, but fails for every reader.
  it.skipIf(process.platform !== 'linux')('may be there and yet not be read', () => {
    const [problem] = problemsOf(documentWith({ tokenizer: { path: '/proc/self/mem' } }));
    expect(problem).toMatchObject({ code: 'tokenizer.unreadable', path: 'tokenizer.path' });
  });

  it('is checked for its encoding, and for parts of a tokenizer without effect', () => {
    const folder = mkdtempSync(join(tmpdir(), 'starmind-server-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'a.txt'), Buffer.from('sch\xf6n '.repeat(2000), 'latin1'));
    const bytes = Array.from({ length: 256 }, (_, byte) => bytesToUnicode(Uint8Array.of(byte)));
    const vocab = Object.fromEntries(['</s>', ...bytes].map((name, id) => [name, id]));
    const tokenizer = {
      added_tokens: [{ id: 0, content: '</s>', special: true }],
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'ByteLevel', use_regex: true },
      model: { type: 'BPE', vocab, merges: [] },
    };
    writeFileSync(join(folder, 't.json'), JSON.stringify(tokenizer));
    const sections = { data: { source: 'a.txt' }, tokenizer: { path: 't.json' } };
    const uri = pathToFileURL(join(folder, 'model.json')).href;
    const document = documentWith(sections, uri);
    const problems = problemsOf(document);
    expect(problems.map(({ code }) => code)).toEqual([
      'data.encoding',
      'tokenizer.other-pieces',
      'tokenizer.normalizer',
      'tokenizer.unused',
    ]);
    expect(problems.every(({ range }) => (range?.length ?? 0) > 0)).toBe(true);
    const said = { ...sections, data: { source: 'a.txt', encoding: 'latin-1' } };
    expect(problemsOf(documentWith(said, uri))).toHaveLength(3);
  });

  it('has its fault at every field that names it, and by the encoding of the moment', () => {
    const folder = mkdtempSync(join(tmpdir(), 'starmind-server-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'a.txt'), Buffer.from('sch\xf6n '.repeat(2000), 'latin1'));
    writeFileSync(join(folder, 'b.txt'), 'sch\u00f6n '.repeat(2000));
    const problems = new FileProblems();
    const asked = (data: object) => {
      const uri = pathToFileURL(join(folder, 'model.json')).href;
      const document = documentWith({ data, tokenizer: { type: 'char' } }, uri);
      const found = problems.of(document, parseModel(document.getText()));
      return found.map(({ path, severity }) => [path, severity]);
    };
    const both = (file: string) => ({ source: file, validation_file: file });
    expect(asked(both('a.txt'))).toEqual([
      ['data.source', 'error'],
      ['data.validation_file', 'error'],
    ]);
    expect(asked({ ...both('a.txt'), encoding: 'latin-1' })).toEqual([]);
    expect(asked(both('b.txt'))).toEqual([]);
    expect(asked({ ...both('b.txt'), encoding: 'latin-1' })).toEqual([
      ['data.source', 'warning'],
      ['data.validation_file', 'warning'],
    ]);
  });

  it('is a tokenizer other than that of the run that begins the training, or teaches it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'starmind-server-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'run'));
    const { value: ofRun } = trainTokenizer('bpe', 64, [
      Buffer.from('a rat and a cat '.repeat(40)),
    ]);
    const { value: other } = trainTokenizer('bpe', 64, [
      Buffer.from('on and on we go '.repeat(40)),
    ]);
    writeFileSync(join(folder, 'run', 'tokenizer.json'), writeHuggingFace(ofRun!));
    writeFileSync(join(folder, 'same.json'), writeHuggingFace(ofRun!));
    writeFileSync(join(folder, 'other.json'), writeHuggingFace(other!));
    const uri = pathToFileURL(join(folder, 'model.json')).href;
    const found = (tokenizer: object | undefined, training: object) =>
      problemsOf(documentWith({ tokenizer, training }, uri))
        .filter(({ severity }) => severity === 'error')
        .map(({ code, path }) => `${code} ${path}`);
    expect(found({ path: 'other.json' }, { from: 'run' })).toEqual([
      'training.from-tokenizer tokenizer.path',
    ]);
    expect(found({ type: 'char' }, { teacher: 'run' })).toEqual([
      'training.teacher-tokenizer tokenizer.type',
    ]);
    expect(found({ path: 'same.json' }, { from: 'run', teacher: 'run' })).toEqual([]);
    expect(found(undefined, { from: 'run', teacher: 'run' })).toEqual([]);
  });
});
