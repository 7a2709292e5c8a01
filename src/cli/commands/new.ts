import { dirname, join } from 'node:path';
import { findPreset, presets } from '../../core/model/presets';
import { didYouMean } from '../../node/near-names';
import { exitCodes, StarmindError } from '../../node/starmind-error';
import { quoted } from '../../node/quoted';
import { createModel } from '../../node/run/new-model';
import type { CommandContext } from '../context';

/** `starmind new DIR --preset NAME`: writes DIR/model.json; never overwrites one. */
export async function newModel(
  { output }: CommandContext,
  dir: string,
  options: { preset: string },
): Promise<void> {
  const preset = findPreset(options.preset);
  if (!preset) {
    const names = presets.map(({ name }) => name);
    throw new StarmindError(
      'preset.unknown',
      exitCodes.usage,
      `There is no preset "${options.preset}".`,
      `${didYouMean(options.preset, names)}There are ${names.join(', ')}.`,
    );
  }
  const model = await createModel(dir, preset.file);
  output.text(`Made ${model}: ${preset.summary}`);
  output.next(`starmind estimate ${quoted(join(dir, 'model.json'))}`);
  output.result({ dir: dirname(model), model });
}
