import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { differenceOf, applyEdits, editText } from '../../../src/core/model/edit';
import { changeFile } from '../../../src/core/model/reconfigure';
import type { ModelFile } from '../../../src/core/model/defaults';
import { seededRandom } from '../../../src/core/random';
import { setting, type Change } from '../../../src/core/problem';

const commented = `{
  // the format
  "version": 1,
  "tokenizer": { "type": "char" }, // short words
  "architecture": {
    "dim": 48,   "n_layers": 2, // wide enough
    /* heads */
    "n_heads": 4 // and no more
  },
}
`;

describe('an edit', () => {
  it.each<[string, Change, string, string]>([
    ['replaces a value', setting('architecture.dim', 64), '"dim": 48,', '"dim": 64,'],
    [
      'adds a field on a line of its own, behind the comment of the last one',
      setting('architecture.n_kv_heads', 2),
      '"n_heads": 4 // and no more',
      '"n_heads": 4, // and no more\n    "n_kv_heads": 2',
    ],
    [
      'adds a field to an object on one line',
      setting('tokenizer.path', 'a.json'),
      '"type": "char" }',
      '"type": "char", "path": "a.json" }',
    ],
    [
      'adds the objects around a field, behind a trailing comma',
      setting('target.sampling.top_k', 9),
      '  },\n}',
      '  },\n  "target": {\n    "sampling": {\n      "top_k": 9\n    }\n  }\n}',
    ],
    [
      'removes the last field with the comma before it, and keeps the comments of others',
      { path: ['architecture', 'n_heads'], remove: true },
      '"n_layers": 2, // wide enough\n    /* heads */\n    "n_heads": 4 // and no more\n',
      '"n_layers": 2 // wide enough\n    /* heads */\n',
    ],
    [
      'removes a field within a line',
      { path: ['architecture', 'dim'], remove: true },
      '    "dim": 48,   "n_layers"',
      '    "n_layers"',
    ],
    [
      'removes the only field',
      { path: ['tokenizer', 'type'], remove: true },
      '{ "type": "char" }',
      '{ }',
    ],
    [
      'renames a field',
      { path: ['architecture', 'dim'], rename: 'hidden_dim' },
      '"dim": 48',
      '"hidden_dim": 48',
    ],
    ['does nothing about a field that is not there', { path: ['x'], remove: true }, 'x', 'x'],
  ])('%s', (_, change, before, after) => {
    expect(editText(commented, [change])).toBe(commented.replace(before, after));
  });

  it('removes the first field of a line, and keeps the indentation for the next', () => {
    const text = '{\n  "a": 1,\n  "b": 2, "c": 3\n}\n';
    const removed = editText(text, [{ path: ['b'], remove: true }]);
    expect(removed).toBe('{\n  "a": 1,\n  "c": 3\n}\n');
  });

  it('writes the whole file, with comments around it kept', () => {
    const whole: Change = { path: [], value: { version: 1 } };
    const written = '{\n  "version": 1\n}';
    expect(editText('', [whole])).toBe(`${written}\n`);
    expect(editText('// mine\n', [whole])).toBe(`// mine\n${written}\n`);
    expect(editText('// mine', [whole])).toBe(`// mine\n${written}\n`);
    expect(editText('/* a */ [1, 2] // b\n', [whole])).toBe(`/* a */ ${written} // b\n`);
  });

  it('fills an empty object', () => {
    expect(editText('{}', [setting('version', 1)])).toBe('{\n  "version": 1\n}');
    expect(editText('{\n}\n', [setting('version', 1)])).toBe('{\n  "version": 1\n}\n');
  });

  it('keeps Windows line ends and tabs', () => {
    const text = '{\r\n\t"version": 1\r\n}\r\n';
    expect(editText(text, [setting('data.source', 'x')])).toBe(
      '{\r\n\t"version": 1,\r\n\t"data": {\r\n\t\t"source": "x"\r\n\t}\r\n}\r\n',
    );
  });

  it('leaves a text alone that is no object', () => {
    for (const text of ['', '[1]', '3', '// nothing\n']) {
      expect(editText(text, [setting('version', 1)])).toBe(text);
    }
  });

  it('means the same as the change of the value, however the text is laid out', () => {
    const random = seededRandom(5);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
    const names = ['a', 'b', 'c'];
    const paths = names.flatMap((a) => [[a], ...names.map((b) => [a, b])]);
    const layouts = ['', ' ', '\n', '\n  ', ' // note\n', ' /* note */ ', '\r\n\t'];
    let text = '{}';
    for (let round = 0; round < 3000; round++) {
      const path = pick(paths);
      const value = pick([1, 'x', true, { a: 2 }, { b: { c: 3 } }, {}]);
      const change: Change = random() < 0.4 ? { path, remove: true } : { path, value };
      const before = parse(text) as Record<string, unknown>;
      const parent = path.length === 2 ? before[path[0] ?? ''] : before;
      const edited = editText(text, [change]);
      const possible =
        'remove' in change
          ? typeof parent === 'object' && Object.hasOwn(parent ?? {}, path.at(-1) ?? '')
          : parent === undefined || typeof parent === 'object';
      const errors: never[] = [];
      const after: unknown = parse(edited, errors, { allowTrailingComma: true });
      expect(errors).toEqual([]);
      const expected = possible ? changeFile(before as unknown as ModelFile, [change]) : before;
      expect(after).toEqual(expected);
      // Another layout for the next round, between tokens only.
      text = edited.replace(/([{,])(?=\s*["}])/g, (token) => token + pick(layouts));
      if (text.length > 2000) text = '{}';
    }
  });
});

describe('the difference of two texts', () => {
  it('turns one into the other', () => {
    const pairs = [
      ['', 'abc'],
      ['abc', ''],
      ['aaa', 'aa'],
      ['one two', 'one three two'],
      ['x', 'y'],
    ] as const;
    for (const [before, after] of pairs) {
      const edit = differenceOf(before, after);
      expect(applyEdits(before, edit ? [edit] : [])).toBe(after);
    }
    expect(differenceOf('same', 'same')).toBeUndefined();
  });
});
