import { findPreset, presets, type Preset } from '../core/model/presets';
import { didYouMean } from '../node/near-names';
import { exitCodes, StarmindError } from '../node/starmind-error';

/** @throws StarmindError `preset.unknown` */
export function namedPreset(name: string): Preset {
  const preset = findPreset(name);
  if (preset) return preset;
  const names = presets.map((each) => each.name);
  throw new StarmindError(
    'preset.unknown',
    exitCodes.usage,
    `There is no preset "${name}".`,
    `${didYouMean(name, names)}There are ${names.join(', ')}.`,
  );
}
