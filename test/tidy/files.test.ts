import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/node/assets';

const root = packageRoot();
const sources = globSync(
  [
    'src/**/*.{ts,mjs,c,h}',
    'webview/**/*.{ts,tsx}',
    'firmware/**/*.{c,h,S}',
    'test/**/*.{ts,mjs,c,h}',
  ],
  {
    cwd: root,
  },
);

/** A file of more lines has more than one idea. */
const longest = 450;

it('no file is longer than the limit', () => {
  const lines = (file: string) => readFileSync(join(root, file), 'utf8').split('\n').length;
  expect(sources.filter((file) => lines(file) > longest)).toEqual([]);
});

it('no work is postponed, and no check switched off', () => {
  // Put together so that this file does not find itself.
  const words = ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'it.on' + 'ly(', 'describe.on' + 'ly('];
  const strays = sources.filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return words.some((word) => text.includes(word));
  });
  expect(strays).toEqual([]);
});

it('every firmware header is guarded by its own name', () => {
  const strays = globSync('firmware/**/*.h', { cwd: root }).filter((file) => {
    const guard = /#ifndef (\w+)\n#define (\w+)/.exec(readFileSync(join(root, file), 'utf8'));
    return !guard || guard[1] !== guard[2] || !guard[1]?.startsWith('STARMIND_');
  });
  expect(strays).toEqual([]);
});
