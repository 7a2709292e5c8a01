import type { MetricsRecord } from './metrics';

const thousand = 1000;

function compact(value: number): string {
  if (value >= thousand * thousand) return `${(value / thousand / thousand).toFixed(2)}M`;
  if (value >= thousand) return `${(value / thousand).toFixed(1)}K`;
  return value.toFixed(0);
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** Time until the budget is spent, at the speed so far; undefined where there is none. */
export function timeLeft({ seconds }: MetricsRecord, share: number): string | undefined {
  return share > 0 && share < 1 ? duration((seconds * (1 - share)) / share) : undefined;
}

/** One line of text about a run: step, loss, speed and, from the completed share, the time left. */
export function progressLine(record: MetricsRecord, share: number): string {
  const parts = [
    `step ${record.step}`,
    `loss ${record.loss.toFixed(3)}`,
    ...(record.valid_loss === undefined ? [] : [`valid ${record.valid_loss.toFixed(3)}`]),
    `${compact(record.tokens_per_second)} tokens/s`,
  ];
  const left = timeLeft(record, share);
  if (left !== undefined) parts.push(`${left} left`);
  return parts.join(', ');
}
