import { estimateModel } from '../../core/estimate/estimate';
import { withDefaults, type ModelFile } from '../../core/model/defaults';
import { goals } from '../../core/search/goals';
import { presets } from '../../core/model/presets';
import { fileSize, speed } from '../../core/text';

/** A model to start from, as the first step offers it. */
export interface ShapeChoice {
  group: 'Goals' | 'Presets';
  label: string;
  /** Its cost, in words. */
  description: string;
  detail: string;
  file: ModelFile;
}

/** First the goals a user may have, then each preset. */
export function shapeChoices(): ShapeChoice[] {
  return [
    ...goals.map(({ title, summary, file }) => choice('Goals', title, summary, file())),
    ...presets.map(({ name, summary, file }) => choice('Presets', name, summary, file)),
  ];
}

function choice(
  group: ShapeChoice['group'],
  label: string,
  detail: string,
  file: ModelFile,
): ShapeChoice {
  const { speed: estimated, sram, fits } = estimateModel(withDefaults(file, label));
  const figures = `${speed(estimated.tokens_per_second)} · ${fileSize(sram.total)}`;
  return { group, label, description: fits ? figures : `${figures} · too large`, detail, file };
}
