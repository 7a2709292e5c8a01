import type { EvaluationWindow } from '../../core/train/kernels';
import type { WasmEngine } from '../wasm/engine';

/** Logits have 16 fractional bits. */
const logitUnit = 1 / 65536;

/** -ln p(target) under the softmax of the engine's logits, in nats. */
function crossEntropy(logits: Int32Array, target: number): number {
  let highest = -Infinity;
  for (let i = 0; i < logits.length; i++) highest = Math.max(highest, logits[i] ?? 0);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(((logits[i] ?? 0) - highest) * logitUnit);
  return (highest - (logits[target] ?? 0)) * logitUnit + Math.log(sum);
}

/**
 * Nats that the device's own arithmetic spends on the scored targets of the windows.
 *
 * @param onWindow called after each window with the number done; evaluation yields to the event
 *   loop there
 */
export async function deviceNats(
  engine: WasmEngine,
  vocabSize: number,
  windows: readonly EvaluationWindow[],
  signal?: AbortSignal,
  onWindow?: (done: number) => void,
): Promise<number> {
  let nats = 0;
  for (const [index, { tokens, scoreFrom }] of windows.entries()) {
    signal?.throwIfAborted();
    for (let position = 0; position + 1 < tokens.length; position++) {
      const logits = engine.forward(tokens[position] ?? 0, position, vocabSize);
      if (position >= scoreFrom) nats += crossEntropy(logits, tokens[position + 1] ?? 0);
    }
    onWindow?.(index + 1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return nats;
}
