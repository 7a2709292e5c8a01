import type { ModelConfig } from '../model/config';
import type { ModelFile } from '../model/defaults';
import { configValue, reconfigure } from '../model/reconfigure';
import { resize } from '../model/shape';
import { setting, type Change, type Fix } from '../problem';
import { grouped } from '../text';
import { chip } from './chip';

type Shrinkable = 'max_seq_len' | 'vocab_size' | 'hidden_dim' | 'n_layers' | 'n_kv_heads' | 'dim';

/** Steps to shrink by, and the least that leaves a model what its author had in mind. */
const shrinking: Record<Shrinkable, { step: number; least: number }> = {
  max_seq_len: { step: 16, least: 32 },
  vocab_size: { step: 32, least: 128 },
  hidden_dim: { step: 4, least: 16 },
  n_layers: { step: 1, least: 1 },
  n_kv_heads: { step: 1, least: 1 },
  dim: { step: 8, least: 16 },
};

/** Values below the present one, largest first. */
function smallerValues({ architecture }: ModelConfig, field: Shrinkable): number[] {
  const { step, least } = shrinking[field];
  const first = Math.ceil(architecture[field] / step) * step - step;
  const values: number[] = [];
  for (let value = first; value >= least; value -= step) values.push(value);
  return field === 'n_kv_heads'
    ? values.filter((value) => architecture.n_heads % value === 0)
    : values;
}

/** The first value that passes, when all that follow it pass too. */
function firstPassing<T>(values: readonly T[], passes: (value: T) => boolean): T | undefined {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = values[middle];
    if (value !== undefined && passes(value)) high = middle;
    else low = middle + 1;
  }
  return values[low];
}

/**
 * The nearest configurations that fit SRAM: each value alone, changed as little as it can be, the
 * weights in flash first since they cost nothing but speed; then dim and hidden_dim shrunk alike,
 * which fits nearly always.
 *
 * @param file what the user wrote; what it leaves out follows the changes
 * @param sramTotal bytes of SRAM that a configuration takes; never fewer for a larger shape
 */
export function fittingChanges(
  file: ModelFile,
  config: ModelConfig,
  sramTotal: (config: ModelConfig) => number,
): Fix[] {
  const before = sramTotal(config);
  const after = (changes: readonly Change[]) => {
    const changed = reconfigure(file, config.name, changes);
    return changed ? sramTotal(changed) : Infinity;
  };
  const fits = (changes: readonly Change[]) => after(changes) <= chip.sramBytes;
  const alternatives: (Change[] | undefined)[] = [];
  if (config.target.weights === 'sram') {
    const flash = [setting('target.weights', 'flash')];
    alternatives.push(fits(flash) ? flash : undefined);
  }
  for (const field of Object.keys(shrinking) as Shrinkable[]) {
    const candidates = smallerValues(config, field).map((value) => resize(file, field, value));
    alternatives.push(firstPassing(candidates, fits));
  }
  alternatives.push(firstPassing(narrowerShapes(config), fits));
  return alternatives
    .filter((changes) => changes !== undefined)
    .map((changes) => ({ title: describe(config, changes, before - after(changes)), changes }));
}

/** dim and hidden_dim in their present proportion, from wide to narrow. */
function narrowerShapes({ architecture }: ModelConfig): Change[][] {
  const { dim, hidden_dim } = architecture;
  const { step, least } = shrinking.dim;
  const shapes: Change[][] = [];
  for (let narrow = Math.ceil(dim / step) * step - step; narrow >= least; narrow -= step) {
    const hidden = Math.max(4, Math.round((hidden_dim * narrow) / dim / 4) * 4);
    shapes.push([setting('architecture.dim', narrow), setting('architecture.hidden_dim', hidden)]);
  }
  return shapes;
}

function describe(config: ModelConfig, changes: readonly Change[], saved: number): string {
  const steps = changes.map((change) => {
    const path = change.path.join('.');
    const value = 'value' in change ? String(change.value) : '';
    return `${change.path.at(-1) ?? ''} ${String(configValue(config, path))} -> ${value}`;
  });
  return `${steps.join(', ')} (saves ${grouped(saved)} bytes)`;
}
