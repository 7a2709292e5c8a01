import type { MetricsRecord } from '../../src/core/train/metrics';

/** In the order of metrics.jsonl. */
const columns = [
  'step',
  'tokens',
  'seconds',
  'loss',
  'valid_loss',
  'valid_loss_device',
  'lr',
  'grad_norm',
  'tokens_per_second',
] as const satisfies (keyof MetricsRecord)[];

/** Records as comma-separated values; what was not measured stays empty. */
export function tableOf(records: readonly MetricsRecord[]): string {
  const rows = records.map((record) => columns.map((column) => record[column] ?? '').join(','));
  return [columns.join(','), ...rows, ''].join('\n');
}
