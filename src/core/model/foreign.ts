import { jsonTree } from './json-tree';
import schema from './model.schema.json';

/** Keys that the model.json of many a program may have. */
const common = ['name'];

/**
 * Whether a model.json belongs to another program, as TensorFlow.js has some: a JSON object with
 * keys, none of which is ours alone. An empty file, `{}` and JSON that is no object are ours, since a
 * model may be about to be written there.
 */
export function isForeignModel(text: string): boolean {
  const root = jsonTree(text);
  if (root?.type !== 'object') return false;
  const keys = (root.children ?? []).map(({ children }) => String(children?.[0]?.value));
  const telling = keys.filter((key) => !common.includes(key));
  return telling.length > 0 && !telling.some((key) => Object.hasOwn(schema.properties, key));
}
