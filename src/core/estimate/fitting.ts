import type { ModelConfig } from '../model/config';
import type { ModelFile } from '../model/defaults';
import { configValue, reconfigure } from '../model/reconfigure';
import { resize } from '../model/shape';
import { setting, type Change, type Fix } from '../problem';
import { grouped, speed } from '../text';
import { cyclesPerToken } from './cycles';

type Shrinkable = 'max_seq_len' | 'vocab_size' | 'hidden_dim' | 'n_layers' | 'n_kv_heads' | 'dim';

/** Steps to shrink by, and the least value that keeps the author's intent. */
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

/** Numbers of rows for the tables of n-grams, largest first; they have no influence on SRAM. */
function fewerRows({ architecture }: ModelConfig): number[] {
  const values: number[] = [];
  const { rows = 0 } = architecture.ngram_tables ?? {};
  for (let fewer = rows / 2; fewer >= leastRows; fewer /= 2) values.push(fewer);
  return values;
}

/** Tables of fewer rows remember little. */
const leastRows = 256;

/** The changes for the first value with which a model fits, when it does with all that follow. */
function firstFitting(
  values: readonly number[],
  changesFor: (value: number) => Change[],
  fits: (changes: readonly Change[]) => boolean,
): Change[] | undefined {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = values[middle];
    if (value !== undefined && fits(changesFor(value))) high = middle;
    else low = middle + 1;
  }
  const first = values[low];
  return first === undefined ? undefined : changesFor(first);
}

/**
 * The nearest configurations that fit the chip: each changes one value, as little as possible,
 * first the weights in flash, streamed if that fits, since that costs only speed; then dim and
 * hidden_dim shrunk in proportion, which fits nearly always.
 *
 * @param file the user's fields; absent ones follow the changes
 * @param taken bytes of the scarce memory that a configuration uses
 * @param fits whether a configuration fits; never for a larger shape than one that does not
 */
export function fittingChanges(
  file: ModelFile,
  config: ModelConfig,
  taken: (config: ModelConfig) => number,
  fits: (config: ModelConfig) => boolean,
): Fix[] {
  const before = taken(config);
  const after = (changes: readonly Change[]) => {
    const changed = reconfigure(file, config.name, changes);
    return changed ? taken(changed) : Infinity;
  };
  const doFit = (changes: readonly Change[]) => {
    const changed = reconfigure(file, config.name, changes);
    return changed !== undefined && fits(changed);
  };
  const alternatives: (Change[] | undefined)[] = [];
  if (config.target.weights === 'sram') {
    const places = ['stream', 'flash'].map((place) => [setting('target.weights', place)]);
    alternatives.push(places.find(doFit));
  }
  for (const field of Object.keys(shrinking) as Shrinkable[]) {
    const changes = (value: number) => resize(file, field, value);
    alternatives.push(firstFitting(smallerValues(config, field), changes, doFit));
  }
  const tables = (rows: number) => [setting('architecture.ngram_tables.rows', rows)];
  alternatives.push(firstFitting(fewerRows(config), tables, doFit));
  const narrower = (dim: number) => narrowerShape(config, dim);
  alternatives.push(firstFitting(smallerValues(config, 'dim'), narrower, doFit));
  return alternatives
    .filter((changes) => changes !== undefined)
    .map((changes) => {
      const changed = reconfigure(file, config.name, changes);
      return { title: describe(config, changes, before - after(changes), changed), changes };
    });
}

/** Another dim, with hidden_dim in its present proportion. */
function narrowerShape({ architecture }: ModelConfig, narrow: number): Change[] {
  const { dim, hidden_dim } = architecture;
  const hidden = Math.max(4, Math.round((hidden_dim * narrow) / dim / 4) * 4);
  return [setting('architecture.dim', narrow), setting('architecture.hidden_dim', hidden)];
}

/** Tokens a second in the middle of the context. */
function speedOf(config: ModelConfig): number {
  const { architecture, target } = config;
  const { total } = cyclesPerToken(config, Math.ceil(architecture.max_seq_len / 2));
  return (target.clock_mhz * 1e6) / total;
}

function describe(
  config: ModelConfig,
  changes: readonly Change[],
  saved: number,
  changed: ModelConfig | undefined,
): string {
  const steps = changes.map((change) => {
    const path = change.path.join('.');
    const value = 'value' in change ? String(change.value) : '';
    return `${change.path.at(-1) ?? ''} ${String(configValue(config, path))} -> ${value}`;
  });
  const isStreamed = changed?.target.weights === 'stream' && config.target.weights !== 'stream';
  const at = isStreamed ? `; ${speed(speedOf(changed))}` : '';
  return `${steps.join(', ')} (saves ${grouped(saved)} bytes${at})`;
}
