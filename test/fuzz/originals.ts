import { withDefaults } from '../../src/core/model/defaults';
import { goals } from '../../src/core/search/goals';
import { presets } from '../../src/core/model/presets';
import { explicitFile } from '../../src/core/model/reconfigure';
import type { Dice } from './dice';

/** Every preset and goal, as short as it is written and with every field that it could have. */
const files: readonly object[] = [
  ...presets.map(({ file }) => file),
  ...goals.map(({ file }) => file()),
  ...presets.map(({ file, name }) => explicitFile(withDefaults(file, name))),
];

/** Files of the same name that other programs write. */
const foreign: readonly object[] = [
  { modelTopology: { class_name: 'Model', layers: [] }, weightsManifest: [{ paths: ['a.bin'] }] },
  { name: 'net', layers: [{ dim: 48 }], $schema: 'https://json.schemastore.org/package.json' },
];

const layouts = ['  ', '\t', '    ', ''];

/** A text of a model.json without a mistake in its JSON. */
export function original(dice: Dice): string {
  const file = dice.pick(dice.chance(0.04) ? foreign : files);
  const text = JSON.stringify(file, null, dice.pick(layouts));
  return dice.chance(0.5) ? `${text}\n` : text;
}
