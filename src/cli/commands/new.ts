import { dirname, join } from 'node:path';
import { quoted } from '../../node/quoted';
import { createModel } from '../../node/run/new-model';
import type { CommandContext } from '../context';
import { namedPreset } from '../named-preset';

/** `starmind new DIR --preset NAME`: writes DIR/model.json; never overwrites one. */
export async function newModel(
  { output }: CommandContext,
  dir: string,
  options: { preset: string },
): Promise<void> {
  const preset = namedPreset(options.preset);
  const model = await createModel(dir, preset.file);
  output.text(`Made ${model}: ${preset.summary}`);
  output.next(`starmind estimate ${quoted(join(dir, 'model.json'))}`);
  output.result({ dir: dirname(model), model });
}
