import type { ParseError } from 'jsonc-parser';
import { jsonTree } from './json-tree';
import schema from './model.schema.json';

/** Keys that the model.json of many a program may have. */
const common = ['$schema', 'name'];

/**
 * Whether a model.json belongs to another program, as TensorFlow.js has some: a JSON object with
 * keys, none of which is ours alone. An empty file, `{}`, JSON that is no object and JSON that is
 * broken are ours, since a model may be about to be written there.
 */
export function isForeignModel(text: string): boolean {
  const errors: ParseError[] = [];
  const root = jsonTree(text, errors);
  if (root?.type !== 'object' || errors.length > 0) return false;
  const keys = (root.children ?? []).map(({ children }) => String(children?.[0]?.value));
  const telling = keys.filter((key) => !common.includes(key));
  return telling.length > 0 && !telling.some((key) => Object.hasOwn(schema.properties, key));
}
