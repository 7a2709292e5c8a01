import type { Node } from 'jsonc-parser';
import type { DocumentLink } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { namedFiles } from './named-files';

/** Half of a character, for which a URI has no spelling. */
const loneSurrogate = /\p{Surrogate}/u;

/** Links to the files that a model.json names, without the quotes around their names. */
export function dataLinks(document: TextDocument, root: Node | undefined): DocumentLink[] {
  return namedFiles(document, root)
    .filter(({ file }) => !loneSurrogate.test(file))
    .map(({ file, offset, length }) => ({
      target: URI.file(file).toString(),
      range: {
        start: document.positionAt(offset + 1),
        end: document.positionAt(offset + length - 1),
      },
    }));
}
