import { timeShares } from '../estimate/limits';
import type { ModelConfig } from '../model/config';
import type { HelloRecord } from '../wire/device-records';
import type { Speech } from './speech';

/**
 * Adds what limited the speed to generations that have just ended: later the board may have another
 * model. The same array when there are none.
 */
export function withLimits(
  speech: Speech,
  hello: HelloRecord | undefined,
  config: ModelConfig | undefined,
): Speech {
  if (!hello || !speech.some(({ done, limits }) => done && !limits)) return speech;
  return speech.map((generation) => {
    const { done, limits } = generation;
    if (!done || limits) return generation;
    return { ...generation, limits: timeShares(done, hello.clock_mhz, config) };
  });
}
