import type { MonitorItem } from '../../../core/wire/monitor-messages';
import type { Board } from '../board';
import type { Disposer } from '../listeners';

/** Somebody who says records and text. */
export type Speaker = Pick<Board, 'onRecord' | 'onText'>;

/**
 * Turns what somebody says into items of the monitor.
 *
 * @param now time of what is being said, in milliseconds since 1970
 */
export function itemsOf(
  speaker: Speaker,
  now: () => number,
  put: (item: MonitorItem) => void,
): Disposer {
  const ends = [
    speaker.onRecord((record) => put({ at: now(), kind: 'record', record })),
    speaker.onText((text) => put({ at: now(), kind: 'text', text })),
  ];
  return () => ends.forEach((end) => end());
}

/** Items for what was written to a board: one a line. */
export function sentItems(at: number, bytes: Uint8Array): MonitorItem[] {
  const lines = Buffer.from(bytes)
    .toString()
    .split(/\r\n|\r|\n/);
  // An empty line is sent to end one that is half typed; behind the last end there is none.
  return lines.filter((line) => line !== '').map((line) => ({ at, kind: 'sent', line }));
}
