import type { Node, ParseError } from 'jsonc-parser';
import { jsonTree } from './json-tree';
import schema from './model.schema.json';

/** Keys that the model.json of many a program may have. */
const common = ['$schema', 'name'];

/**
 * Whether a model.json belongs to another program, as TensorFlow.js has some: a JSON object with
 * keys, none of which is ours alone. An empty file, `{}` and JSON that is no object are ours, since a
 * model may be about to be written there; so is JSON that is broken, whatever can be read of it.
 *
 * @param root of JSON without errors
 */
export function isForeignModel(root: Node | undefined): boolean {
  if (root?.type !== 'object') return false;
  const keys = (root.children ?? []).map(({ children }) => String(children?.[0]?.value));
  const telling = keys.filter((key) => !common.includes(key));
  return telling.length > 0 && !telling.some((key) => Object.hasOwn(schema.properties, key));
}

/** The same of a text that nobody else takes apart. */
export function isForeignText(text: string): boolean {
  const errors: ParseError[] = [];
  const root = jsonTree(text, errors);
  return errors.length === 0 && isForeignModel(root);
}
