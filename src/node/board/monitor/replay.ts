import { systemClock, type Clock } from '../../clock';
import type { SessionEntry } from './recorded-session';

export interface ReplayOptions {
  /** As fast as the consumer reads, instead of in its own time. */
  fast?: boolean;
  /** Milliseconds to which longer silences are cut. */
  longestSilence?: number;
  signal?: AbortSignal;
  clock?: Clock;
}

/**
 * The entries of a session again, at their original distances in time.
 *
 * @throws the signal's reason when it is aborted, and errors of the entries
 */
export async function* replay(
  entries: AsyncIterable<SessionEntry>,
  { fast = false, longestSilence = Infinity, signal, clock = systemClock }: ReplayOptions = {},
): AsyncGenerator<SessionEntry> {
  let due = clock.now();
  let last: number | undefined;
  for await (const entry of entries) {
    // Ignore a clock that was set back during the recording.
    due += Math.min(longestSilence, Math.max(0, entry.at - (last ?? entry.at)));
    last = entry.at;
    const wait = due - clock.now();
    if (!fast && wait > 0) await clock.sleep(wait, signal);
    signal?.throwIfAborted();
    yield entry;
  }
}
