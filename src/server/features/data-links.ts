import type { DocumentLink } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { namedFiles } from './named-files';

/** Links to the files that a model.json names, without the quotes around their names. */
export function dataLinks(document: TextDocument): DocumentLink[] {
  return namedFiles(document).map(({ file, offset, length }) => ({
    target: URI.file(file).toString(),
    range: {
      start: document.positionAt(offset + 1),
      end: document.positionAt(offset + length - 1),
    },
  }));
}
