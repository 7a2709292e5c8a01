import type { Architecture, ModelConfig } from '../model/config';
import { chip } from './chip';

/** One value changed so that the model fits. */
export interface FittingChange {
  path: string;
  config: ModelConfig;
  /** Like `max_seq_len 512 -> 192 (saves 115,200 bytes)`. */
  text: string;
}

type Shrinkable = 'max_seq_len' | 'vocab_size' | 'hidden_dim' | 'n_layers' | 'n_kv_heads' | 'dim';

/** Values to try below the present one, largest first. */
function smallerValues(architecture: Architecture, field: Shrinkable): number[] {
  const present = architecture[field];
  const step = {
    max_seq_len: 16,
    vocab_size: 32,
    hidden_dim: 4,
    n_layers: 1,
    n_kv_heads: 1,
    dim: 8,
  }[field];
  const values: number[] = [];
  const first = Math.ceil(present / step) * step - step;
  for (let value = first; value > 0; value -= step) values.push(value);
  return field === 'n_kv_heads'
    ? values.filter((value) => architecture.n_heads % value === 0)
    : values;
}

/** Below these a model is no longer what its author had in mind. */
const least: Record<Shrinkable, number> = {
  max_seq_len: 32,
  vocab_size: 128,
  hidden_dim: 16,
  n_layers: 1,
  n_kv_heads: 1,
  dim: 16,
};

/**
 * The single changes that make a model fit SRAM, each as small as it can be; the weights in flash
 * first, since they change nothing but the speed.
 */
export function fittingChanges(
  config: ModelConfig,
  sramTotal: (config: ModelConfig) => number,
): FittingChange[] {
  const before = sramTotal(config);
  const changes: FittingChange[] = [];
  const consider = (
    path: string,
    from: number | string,
    to: number | string,
    next: ModelConfig,
  ) => {
    const after = sramTotal(next);
    if (after > chip.sramBytes) return false;
    const saved = (before - after).toLocaleString('en-US');
    changes.push({ path, config: next, text: `${path} ${from} -> ${to} (saves ${saved} bytes)` });
    return true;
  };
  if (config.target.weights === 'sram') {
    const target = { ...config.target, weights: 'flash' as const };
    consider('target.weights', 'sram', 'flash', { ...config, target });
  }
  for (const field of Object.keys(least) as Shrinkable[]) {
    const present = config.architecture[field];
    for (const value of smallerValues(config.architecture, field)) {
      if (value < least[field]) break;
      const architecture = { ...config.architecture, [field]: value };
      if (consider(field, present, value, { ...config, architecture })) break;
    }
  }
  return changes;
}
