import { readFileSync } from 'node:fs';
import { dirname, posix, resolve } from 'node:path';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { assessModel, type Assessment } from '../core/estimate/assess';
import type { FindBase } from '../core/model/base';
import { tooDeepAt } from '../core/model/json-tree';
import { baseFinder } from '../core/model/parse';

/** The state of an open model.json. */
export interface KnownModel {
  version: number;
  /** Too deep for the JSON service, which would overflow the stack. */
  isTooDeep: boolean;
  /** Assessment of the present text. */
  now: Assessment;
  /** Assessment of the last readable text: `now`, or the text before the user began to type. */
  lastGood: Assessment | undefined;
}

/** Assessments of the open documents, made once for each version. */
export class ModelDocuments {
  private readonly models = new Map<string, KnownModel>();

  of(document: TextDocument): KnownModel {
    const known = this.models.get(document.uri);
    if (known?.version === document.version) return known;
    const text = document.getText();
    const now = assessModel(text, folderName(document.uri), undefined, baseShapes(document.uri));
    const lastGood = now.value ? now : known?.lastGood;
    const isTooDeep = now.root === undefined && tooDeepAt(text) !== undefined;
    const model = { version: document.version, isTooDeep, now, lastGood };
    this.models.set(document.uri, model);
    return model;
  }

  forget(uri: string): void {
    this.models.delete(uri);
  }
}

/** Finds the runs that a model.json names; none for a document that is on no disk. */
function baseShapes(uri: string): FindBase | undefined {
  const { scheme, fsPath } = URI.parse(uri);
  if (scheme !== 'file') return undefined;
  return baseFinder((path) => readFileSync(resolve(dirname(fsPath), path), 'utf8'));
}

/** The name of a model that does not name itself. */
function folderName(uri: string): string | undefined {
  const { path } = URI.parse(uri);
  // An untitled document has a name and no folder.
  return posix.isAbsolute(path) ? posix.basename(posix.dirname(path)) || undefined : undefined;
}
