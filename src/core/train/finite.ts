import type { Weights } from '../model/tensors';
import { grouped } from '../text';

/** The first tensor with weights that are no numbers, in words; undefined when all are finite. */
export function notFinite(weights: Weights): string | undefined {
  for (const [name, data] of weights) {
    const at = data.findIndex((weight) => !Number.isFinite(weight));
    if (at < 0) continue;
    const count = data.reduce((sum, weight) => sum + (Number.isFinite(weight) ? 0 : 1), 0);
    const value = Number.isNaN(data[at]) ? 'NaN' : 'infinite';
    return `${name} has ${grouped(count)} of its ${grouped(data.length)} weights no longer finite, the first (at ${grouped(at)}) ${value}`;
  }
  return undefined;
}
