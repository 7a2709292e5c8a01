import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { DocumentLink } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import type { Problem } from '../../core/problem';

const fileFields = ['data.source', 'data.validation_file', 'tokenizer.path'];
const builtIn = new Set(['starter', 'tinystories']);

interface NamedFile {
  path: string;
  file: string;
  offset: number;
  length: number;
}

/** Files that a model.json on a disk names; globs and built-in corpora are none. */
function namedFiles(document: TextDocument): NamedFile[] {
  const uri = URI.parse(document.uri);
  const root = parseTree(document.getText(), [], { allowTrailingComma: true });
  if (!root || uri.scheme !== 'file') return [];
  return fileFields.flatMap((path) => {
    const node = findNodeAtLocation(root, path.split('.'));
    const name: unknown = node?.value;
    if (!node || typeof name !== 'string' || name === '') return [];
    if ((path === 'data.source' && builtIn.has(name)) || /[*?{[\0]/.test(name)) return [];
    const file = resolve(dirname(uri.fsPath), name);
    return { path, file, offset: node.offset, length: node.length };
  });
}

/** Links to the files, without the quotes around their names. */
export function dataLinks(document: TextDocument): DocumentLink[] {
  return namedFiles(document).map(({ file, offset, length }) => ({
    target: URI.file(file).toString(),
    range: {
      start: document.positionAt(offset + 1),
      end: document.positionAt(offset + length - 1),
    },
  }));
}

/** Problems with the files that are not there. */
export function missingFiles(document: TextDocument): Problem[] {
  return namedFiles(document)
    .filter(({ file }) => !existsSync(file))
    .map(({ path, file, offset, length }) => ({
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
                changes: [{ path: path.split('.'), value: 'starter' }],
              },
            ]
          : [{ title: `Remove ${path}`, changes: [{ path: path.split('.'), remove: true }] }],
      range: { offset, length },
    }));
}
