import { resolve } from 'node:path';
import { shippedFolder } from '../../core/model/shipped-runs';
import { assetPath } from '../assets';

/**
 * Path of a run that a model.json or a command names: one of the package's, or a path.
 *
 * @param folder to which a path is relative
 */
export function namedRunPath(folder: string, name: string): string {
  const shipped = shippedFolder(name);
  return shipped === undefined ? resolve(folder, name) : assetPath(`models/${shipped}`);
}
