import { defaultLearningRate, defaultTraining } from '../model/defaults';
import type { ModelConfig } from '../model/config';
import type { Weights } from '../model/tensors';
import type { Problem } from '../problem';

/** Share by which device arithmetic may be worse than float; models that train well stay below. */
const tolerated = 0.03;
/** Bits per byte that are too few to matter, however large a share of a tiny loss they are. */
const negligible = 0.01;
/**
 * Weights of models that train well stay far below; beside such a weight rounding makes small ones
 * vanish.
 */
const largeWeight = 8;

/**
 * A warning where quantisation costs a model more than a few percent, with the cause that its weights show.
 *
 * @param bitsPerByte of the same text in float and in the arithmetic of the device
 */
export function deviceCost(
  bitsPerByte: { float: number; device: number },
  weights: Weights,
  { training, quantization }: ModelConfig,
): Problem | undefined {
  const { float, device } = bitsPerByte;
  const cost = device - float;
  if (cost <= Math.max(negligible, tolerated * float)) return undefined;
  const { name, peak } = largest(weights);
  const isGrown = peak > largeWeight;
  const cause = isGrown
    ? `Weights have grown to ${peak.toPrecision(3)} (${name}), as they do when learning_rate is too high (it is ${training.learning_rate})`
    : `The weights are of ordinary size (at most ${peak.toPrecision(3)}, in ${name})`;
  const share = Number.isFinite(cost) ? `${((100 * cost) / float).toFixed(0)} % of float` : 'all';
  const remedy = isGrown
    ? lowerRate(training)
    : `Raise quantization.aware_share (it is ${quantization.aware_share}), so that the model learns with rounded weights.`;
  return {
    code: 'quantization.cost',
    severity: 'warning',
    path: isGrown ? 'training.learning_rate' : 'quantization.aware_share',
    message: `${quantization.weights} device arithmetic costs ${share}: ${float.toFixed(2)} became ${device.toFixed(2)} bits per byte. ${cause}.`,
    fix: remedy,
  };
}

function lowerRate(training: ModelConfig['training']): string {
  const { gradient_clip, weight_decay } = defaultTraining;
  const learning_rate = defaultLearningRate[training.optimizer];
  const others = [
    ...(training.gradient_clip === 0 ? [`gradient_clip ${gradient_clip}`] : []),
    ...(training.weight_decay === 0 ? [`weight_decay ${weight_decay}`] : []),
  ];
  const rate = training.learning_rate > learning_rate ? learning_rate : training.learning_rate / 4;
  return `Train anew with ${[`learning_rate ${rate}`, ...others].join(', ')}.`;
}

function largest(weights: Weights): { name: string; peak: number } {
  let found = { name: '', peak: 0 };
  for (const [name, data] of weights) {
    const peak = data.reduce((highest, weight) => Math.max(highest, Math.abs(weight)), 0);
    if (peak > found.peak) found = { name, peak };
  }
  return found;
}
