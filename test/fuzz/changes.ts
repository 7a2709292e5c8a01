import { fieldsOf } from '../../src/core/model/fields';
import type { Change, JsonValue } from '../../src/core/problem';
import type { Dice } from './dice';

const sections = ['architecture', 'quantization', 'tokenizer', 'data', 'training', 'target'];

/** Paths to fields that there are or may be, and to some that make no sense. */
const paths: readonly (readonly string[])[] = [
  ...sections.flatMap((section) => fieldsOf(section).map(([field]) => [section, field])),
  ...sections.map((section) => [section]),
  ...[['version'], ['name'], ['$schema'], ['target', 'sampling', 'top_k'], [], [''], ['', '']],
  ...[['__proto__'], ['architecture', '__proto__'], ['constructor', 'name'], ['a.b'], ['0', '0']],
  ['architecture', 'dim', 'deeper', 'still'],
];

const values: readonly JsonValue[] = [
  ...[0, -1, 1, 64, 1e308, 0.1, 2 ** 53, null, true, '', 'text', '"', '\ud800', '\n', {}, []],
  ...[{ type: 'char' }, { a: { b: [1, { c: null }] } }, ['x', ['y']]],
];

/** A few changes: some fit any file, others none. */
export function randomChanges(dice: Dice): Change[] {
  return Array.from({ length: 1 + dice.below(3) }, () => {
    const path = dice.pick(paths);
    const kind = dice.below(4);
    if (kind === 0) return { path, remove: true };
    if (kind === 1) return { path, rename: dice.pick(['dim', 'x', '', '__proto__', '"', '\n']) };
    return { path, value: dice.pick(values) };
  });
}
