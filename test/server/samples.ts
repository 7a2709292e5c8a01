import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { packageRoot } from '../../src/node/assets';

const folder = join(packageRoot(), 'test/golden/server/models');

/** The texts of test/golden/server/models, each a model.json for which the server has answers. */
export const samples: readonly { name: string; text: string }[] = globSync('*.json', {
  cwd: folder,
})
  .sort()
  .map((file) => ({
    name: basename(file, '.json'),
    text: readFileSync(join(folder, file), 'utf8'),
  }));

export function sample(name: string): string {
  const found = samples.find((one) => one.name === name);
  if (!found) throw new Error(`There is no sample ${name}.`);
  return found.text;
}

/** URI of a sample: in a folder that is on no disk. */
export function sampleUri(name: string): string {
  return `file:///starmind-samples/${name}/model.json`;
}

/** A text with `|` where the cursor is. */
export function withCursor(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('|');
  if (offset < 0) throw new Error('There is no | in the text.');
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}
