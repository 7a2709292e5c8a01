import { findPreset, presets, type Preset } from '../core/model/presets';
import { goals } from '../core/search/goals';
import { didYouMean } from '../node/near-names';
import { exitCodes, StarmindError } from '../node/starmind-error';

/** Names of the models to begin with: goals, whose shapes are searched for, and presets. */
export const presetNames: readonly string[] = [...goals, ...presets].map(({ name }) => name);

/** @throws StarmindError `preset.unknown` */
export function namedPreset(name: string): Preset {
  const goal = goals.find((each) => each.name === name);
  if (goal) return { name, summary: goal.summary, file: goal.file() };
  const preset = findPreset(name);
  if (preset) return preset;
  throw new StarmindError(
    'preset.unknown',
    exitCodes.usage,
    `There is no preset "${name}".`,
    `${didYouMean(name, presetNames)}There are ${presetNames.join(', ')}.`,
  );
}
