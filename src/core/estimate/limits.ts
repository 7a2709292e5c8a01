import type { ModelConfig } from '../model/config';
import type { DoneRecord } from '../wire/device-records';
import { cyclesPerToken } from './cycles';

/** What the time of a generation goes into, in the order of the work. */
export const timeParts = [
  'matrices',
  'attention',
  'activations',
  'norms',
  'sampling',
  'tables',
  'flash',
  'usb',
] as const;

export type TimePart = (typeof timeParts)[number];

/** Shares of the time, which add up to 1. Those of computing are absent where the model is unknown. */
export type TimeShares = Partial<Record<TimePart, number>> & { usb: number };

export type Spent = Pick<
  DoneRecord,
  'tokens' | 'prompt_tokens' | 'reason' | 'microseconds' | 'cycles_per_token'
>;

/** Tokens that the engine ran: those of the prompt, those spoken, and the one that ended the text. */
function tokensRun({ tokens, prompt_tokens = 0, reason }: Spent): number {
  return prompt_tokens + tokens + (reason === 'end-of-text' ? 1 : 0);
}

/**
 * What a generation spent its time on: sending, by the board's own measurements, and the parts of a
 * token, by the estimate at the mean context.
 *
 * @param clockMhz of the board
 * @param config of its model, where it is known
 */
export function timeShares(done: Spent, clockMhz: number, config?: ModelConfig): TimeShares {
  const run = tokensRun(done);
  const all = done.microseconds * clockMhz;
  const computing = all > 0 ? Math.min(1, (run * done.cycles_per_token) / all) : 1;
  const usb = 1 - computing;
  if (!config) return { usb };
  const context = Math.min(Math.ceil((run + 1) / 2), config.architecture.max_seq_len);
  const { parts, total } = cyclesPerToken(config, context);
  const share = (cycles: number) => (computing * cycles) / total;
  return {
    matrices: share(parts.matrices),
    attention: share(parts.attention),
    activations: share(parts.feed_forward),
    norms: share(parts.norms),
    sampling: share(parts.sampling),
    tables: share(parts.tables),
    flash: share(parts.flash_waits),
    usb,
  };
}

const names: Record<TimePart, string> = {
  matrices: 'matrices',
  attention: 'attention',
  activations: 'activations',
  norms: 'norms',
  sampling: 'sampling',
  tables: 'n-gram tables',
  flash: 'waiting for flash',
  usb: 'USB',
};

/** Parts that are worth their words. */
const named = 3;

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** What limits the speed, in one line: the largest parts, and what sending takes. */
export function describeLimits(shares: TimeShares): string {
  const usb = percent(shares.usb);
  if (shares.matrices === undefined) return `USB takes ${usb} of the time; the rest is computing.`;
  const largest = timeParts
    .map((part) => ({ part, share: shares[part] ?? 0 }))
    .sort((one, other) => other.share - one.share)
    .slice(0, named);
  const list = largest.map(({ part, share }) => `${names[part]} (${percent(share)})`).join(', ');
  const hasUsb = largest.some(({ part }) => part === 'usb');
  return `Time goes into ${list}${hasUsb ? '' : `; USB ${usb}`}.`;
}
