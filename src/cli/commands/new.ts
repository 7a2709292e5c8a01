import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { findPreset, presets } from '../../core/model/presets';
import { exitCodes, StarmindError } from '../../node/errors';
import { replaceFile } from '../../node/files';
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
      `Did you mean "${closest(options.preset, names)}"? There are ${names.join(', ')}.`,
    );
  }
  const folder = resolve(dir);
  const model = join(folder, 'model.json');
  if (existsSync(model)) {
    throw new StarmindError(
      'model.exists',
      exitCodes.input,
      `${model} exists already.`,
      'Choose another folder, or edit that file.',
    );
  }
  await mkdir(folder, { recursive: true });
  await replaceFile(model, `${JSON.stringify(preset.file, null, 2)}\n`);
  output.text(`${model}: ${preset.summary}`);
  output.text(`Next: starmind estimate ${join(dir, 'model.json')}`);
  output.result({ dir: folder, model });
}
