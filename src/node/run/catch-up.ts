import { isDeepStrictEqual } from 'node:util';
import type { ModelConfig } from '../../core/model/config';
import { editText } from '../../core/model/edit';
import type { JsonValue } from '../../core/problem';
import { replaceModel } from './claim-folder';
import { loadModel, type RunFolder } from './folder';
import { requireNoTraining } from './run-owner';

/** The parts of a model.json that a training works with. */
export type TrainedSection = Exclude<keyof ModelConfig, 'version' | 'name' | 'target'>;

const trainedSections: readonly TrainedSection[] = [
  'architecture',
  'quantization',
  'tokenizer',
  'data',
  'training',
];

/**
 * Updates a run from its model.json as far as that needs no training, such as its target.
 *
 * @returns the parts that have changed since the run was trained, and need a new training
 * @throws StarmindError `run.busy` while it is being trained, `model.missing`, `model.unreadable`
 *   or `model.invalid`
 */
export async function catchUp(run: RunFolder, now: ModelConfig): Promise<TrainedSection[]> {
  await requireNoTraining(run);
  const { config: then, text } = await loadModel(run.model);
  if (!isDeepStrictEqual(then.target, now.target)) {
    // The parser has made it from JSON.
    const value = now.target as unknown as JsonValue;
    await replaceModel(run, editText(text, [{ path: ['target'], value }]));
  }
  return trainedSections.filter((section) => !isDeepStrictEqual(then[section], now[section]));
}
