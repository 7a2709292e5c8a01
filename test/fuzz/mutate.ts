import type { Dice } from './dice';
import { original } from './originals';
import { textMutations } from './text-mutations';
import { valueMutations } from './value-mutations';

/**
 * A text of a model.json, spoilt once or a few times: half of them only in their values, since broken
 * JSON is not looked into.
 */
export function mutant(dice: Dice): string {
  const mutations = dice.chance(0.5) ? valueMutations : [...textMutations, ...valueMutations];
  let text = original(dice);
  for (let left = 1 + dice.below(4); left > 0; left--) text = dice.pick(mutations)(text, dice);
  return text;
}
