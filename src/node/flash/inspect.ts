import { StarmindError } from '../errors';
import { flashInterrupted } from './errors';
import type { FlashHost } from './flash-host';
import type { FlashTarget } from './job';
import { flashPatience } from './patience';
import type { Seen } from './plan';

/**
 * What a board says of itself, when it runs a program of ours.
 * @throws StarmindError `interrupted`
 */
export async function inspect(
  host: FlashHost,
  target: FlashTarget,
  signal?: AbortSignal,
): Promise<Seen> {
  if (target.kind === 'bootloader') {
    return { unknown: 'The board is in its boot loader, and does not say what it has.' };
  }
  try {
    return { hello: await host.greet(target.port, flashPatience.inspection, signal) };
  } catch (error) {
    if (signal?.aborted) throw flashInterrupted('untouched');
    if (!(error instanceof StarmindError)) throw error;
    // A port that cannot be opened is told when it is needed: there may be other ways to flash.
    return { unknown: `What the board runs is not known: ${error.message}` };
  }
}
