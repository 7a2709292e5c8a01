import type { MonitorItem } from '../../../core/wire/monitor-messages';
import type { Board } from '../board';
import type { Disposer } from '../listeners';

/** A source of records and text. */
export type Speaker = Pick<Board, 'onRecord' | 'onText'>;

/**
 * Turns the output of a source into items of the monitor.
 *
 * @param now the time of the output, in milliseconds since 1970
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

/** Items for bytes written to a board: one a line. */
export function sentItems(at: number, bytes: Uint8Array): MonitorItem[] {
  const lines = Buffer.from(bytes)
    .toString()
    .split(/\r\n|\r|\n/);
  // Skip empty lines, which clients send to end a half-typed line; nothing follows the last end.
  return lines.filter((line) => line !== '').map((line) => ({ at, kind: 'sent', line }));
}
