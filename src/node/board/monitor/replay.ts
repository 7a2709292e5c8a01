import { systemClock, type Clock } from '../../clock';
import type { SessionEntry } from './recorded-session';

export interface ReplayOptions {
  /** As fast as it is taken, instead of as it was. */
  fast?: boolean;
  signal?: AbortSignal;
  clock?: Clock;
}

/** The entries of a session again, each as long after the first as it was. */
export async function* replay(
  entries: AsyncIterable<SessionEntry>,
  { fast = false, signal, clock = systemClock }: ReplayOptions = {},
): AsyncGenerator<SessionEntry> {
  const begun = clock.now();
  let first: number | undefined;
  for await (const entry of entries) {
    first ??= entry.at;
    const wait = entry.at - first - (clock.now() - begun);
    if (!fast && wait > 0) await clock.sleep(wait, signal);
    signal?.throwIfAborted();
    yield entry;
  }
}
