import type { Node, ParseError } from 'jsonc-parser';
import { jsonTree } from './json-tree';
import schema from './model.schema.json';

/** Keys that a model.json of any program may have. */
const common = ['$schema', 'name'];

/**
 * Whether a model.json belongs to another program, such as TensorFlow.js: a JSON object with keys,
 * none of which only this project uses. An empty file, `{}` and JSON that is no object are ours,
 * since the user may be about to write a model there; so is broken JSON, whatever its readable part
 * contains.
 *
 * @param root of JSON without errors
 */
export function isForeignModel(root: Node | undefined): boolean {
  if (root?.type !== 'object') return false;
  const keys = (root.children ?? []).map(({ children }) => String(children?.[0]?.value));
  const telling = keys.filter((key) => !common.includes(key));
  return telling.length > 0 && !telling.some((key) => Object.hasOwn(schema.properties, key));
}

/** As isForeignModel, for a text that the caller does not parse otherwise. */
export function isForeignText(text: string): boolean {
  const errors: ParseError[] = [];
  const root = jsonTree(text, errors);
  return errors.length === 0 && isForeignModel(root);
}
