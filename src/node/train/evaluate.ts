import type { Architecture } from '../../core/model/config';
import type { Weights } from '../../core/model/tensors';
import type { EvaluationWindow } from '../../core/train/kernels';
import { WasmKernels } from './wasm-kernels';

export interface EvaluateOptions {
  architecture: Architecture;
  weights: Weights;
  /** From planWindows; at most max_seq_len inputs each. */
  windows: readonly EvaluationWindow[];
  /** With the fake-quantised forward pass instead of the float one. */
  quantized?: boolean;
  threads?: number | undefined;
}

/** Nats of each window: sums of -ln p over its scored targets. */
export async function evaluateWeights(options: EvaluateOptions): Promise<Float64Array> {
  const { architecture, weights, windows, quantized = false, threads } = options;
  const context = architecture.max_seq_len;
  const kernels = await WasmKernels.create({ architecture, batch: 1, context, threads });
  try {
    kernels.writeParameters(weights);
    return await kernels.evaluate(windows, quantized);
  } finally {
    await kernels.dispose();
  }
}
