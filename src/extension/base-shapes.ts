import { dirname } from 'node:path';
import type { Uri } from 'vscode';
import type { FindBase } from '../core/model/base';
import { baseShapes } from '../node/run/folder';
import { isLocal } from './models';

/** Finds the runs that a model.json names; undefined where programs cannot read them. */
export function baseShapesOf(uri: Uri): FindBase | undefined {
  return isLocal(uri) ? baseShapes(dirname(uri.fsPath)) : undefined;
}
