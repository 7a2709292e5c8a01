import { estimateModel, type Estimate } from '../../core/estimate/estimate';
import type { ModelConfig } from '../../core/model/config';
import { exitCodes, StarmindError } from '../starmind-error';

/**
 * The costs of a model that fits the chip.
 * @param tokenizerBytes size of the tokenizer section, once there is a tokenizer
 * @throws StarmindError `model.too-large`
 */
export function requireFit(config: ModelConfig, tokenizerBytes?: number): Estimate {
  const estimate = estimateModel(config, { tokenizerBytes });
  if (estimate.fits) return estimate;
  throw new StarmindError(
    'model.too-large',
    exitCodes.input,
    estimate.problems.map(({ message }) => message).join(' '),
    estimate.problems.map(({ fix }) => fix).join(' '),
  );
}
