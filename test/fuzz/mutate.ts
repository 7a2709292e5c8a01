import type { Dice } from './dice';
import { original } from './originals';
import { textMutations } from './text-mutations';
import { valueMutations } from './value-mutations';

/** Texts as something in between of what people type, tools write and disks lose. */
const mutations = [...textMutations, ...valueMutations];

/** A text of a model.json, spoilt once or a few times. */
export function mutant(dice: Dice): string {
  let text = original(dice);
  for (let left = 1 + dice.below(4); left > 0; left--) text = dice.pick(mutations)(text, dice);
  return text;
}
