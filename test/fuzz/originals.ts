import { withDefaults } from '../../src/core/model/defaults';
import { goals } from '../../src/core/model/goals';
import { presets } from '../../src/core/model/presets';
import { explicitFile } from '../../src/core/model/reconfigure';
import type { Dice } from './dice';

/** Every preset and goal, as short as it is written and with every field that it could have. */
const files: readonly object[] = [
  ...presets.map(({ file }) => file),
  ...goals.map(({ file }) => file()),
  ...presets.map(({ file, name }) => explicitFile(withDefaults(file, name))),
];

const layouts = ['  ', '\t', '    ', ''];

/** A text of a model.json that can be read without a problem in its JSON. */
export function original(dice: Dice): string {
  const text = JSON.stringify(dice.pick(files), null, dice.pick(layouts));
  return dice.chance(0.5) ? `${text}\n` : text;
}
