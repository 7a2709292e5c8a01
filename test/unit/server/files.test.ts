import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseModel } from '../../../src/core/model/parse';
import { presets } from '../../../src/core/model/presets';
import { dataLinks } from '../../../src/server/features/data-links';
import { FileProblems } from '../../../src/server/features/file-problems';

/** A model.json in a folder that is on no disk. */
function documentWith(sections: object): TextDocument {
  const text = JSON.stringify({ ...presets[0]?.file, ...sections });
  return TextDocument.create('file:///starmind-files/model.json', 'starmind-model', 1, text);
}

function problemsOf(document: TextDocument) {
  return new FileProblems().of(document, parseModel(document.getText()).value);
}

describe('a file that a model names', () => {
  it('is missing when its name is longer than any may be', () => {
    const problems = problemsOf(documentWith({ data: { source: 'x'.repeat(10_000) } }));
    expect(problems.map(({ code }) => code)).toEqual(['data.missing']);
  });

  it('is missing, and is no link, when its name has half a character', () => {
    const document = documentWith({ data: { source: 'a\ud800', validation_file: 'b.txt' } });
    expect(problemsOf(document)).toHaveLength(2);
    expect(dataLinks(document).map(({ target }) => target)).toEqual([
      'file:///starmind-files/b.txt',
    ]);
  });

  // A file that is there, and fails when it is read, whoever does.
  it.skipIf(process.platform !== 'linux')('may be there and yet not be read', () => {
    const [problem] = problemsOf(documentWith({ tokenizer: { path: '/proc/self/mem' } }));
    expect(problem).toMatchObject({ code: 'tokenizer.unreadable', path: 'tokenizer.path' });
  });
});
