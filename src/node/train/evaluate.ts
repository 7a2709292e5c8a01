import type { Architecture } from '../../core/model/config';
import type { Arithmetic } from '../../core/model/formats';
import type { Weights } from '../../core/model/tensors';
import type { EvaluationWindow } from '../../core/train/kernels';
import { createWasmKernels } from './wasm-kernels';

export interface EvaluateOptions {
  architecture: Architecture;
  weights: Weights;
  /** From planWindows; at most max_seq_len inputs each. */
  windows: readonly EvaluationWindow[];
  /** Arithmetic of the forward pass; float by default. */
  arithmetic?: Arithmetic;
  threads?: number | undefined;
}

/** Nats of each window: sums of -ln p over its scored targets. */
export async function evaluateWeights(options: EvaluateOptions): Promise<Float64Array> {
  const { architecture, weights, windows, arithmetic = 'float', threads } = options;
  const context = architecture.max_seq_len;
  const kernels = await createWasmKernels({ architecture, batch: 1, context, threads });
  try {
    await kernels.writeParameters(weights);
    return await kernels.evaluate(windows, arithmetic);
  } finally {
    await kernels.dispose();
  }
}
