import type { Architecture } from '../../core/model/config';
import type { Weights } from '../../core/model/tensors';
import type { EvaluationWindow } from '../../core/train/kernels';
import { createWasmKernels } from './wasm-kernels';

export interface EvaluateOptions {
  architecture: Architecture;
  weights: Weights;
  /** From planWindows; at most max_seq_len inputs each. */
  windows: readonly EvaluationWindow[];
  threads?: number | undefined;
}

/** Nats of each window in float: sums of -ln p over its scored targets. */
export async function evaluateWeights(options: EvaluateOptions): Promise<Float64Array> {
  const { architecture, weights, windows, threads } = options;
  const context = architecture.max_seq_len;
  const kernels = await createWasmKernels({ architecture, batch: 1, context, threads });
  try {
    await kernels.writeParameters(weights);
    return await kernels.evaluate(windows, 'float');
  } finally {
    await kernels.dispose();
  }
}
