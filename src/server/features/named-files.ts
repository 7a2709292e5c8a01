import { dirname, resolve } from 'node:path';
import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';

const fileFields = ['data.source', 'data.validation_file', 'tokenizer.path'];
const builtIn = new Set(['starter', 'tinystories']);

/** A file that a model.json names, and where it does. */
export interface NamedFile {
  /** Path of the field in model.json. */
  path: string;
  file: string;
  offset: number;
  length: number;
}

/** Files that a model.json on a disk names; globs and built-in corpora are none. */
export function namedFiles(document: TextDocument, root: Node | undefined): NamedFile[] {
  const uri = URI.parse(document.uri);
  if (!root || uri.scheme !== 'file') return [];
  return fileFields.flatMap((path) => {
    const node = findNodeAtLocation(root, path.split('.'));
    const name: unknown = node?.value;
    if (!node || typeof name !== 'string' || name === '') return [];
    if ((path === 'data.source' && builtIn.has(name)) || /[*?{[\0]/.test(name)) return [];
    const file = resolve(dirname(uri.fsPath), name);
    return [{ path, file, offset: node.offset, length: node.length }];
  });
}
