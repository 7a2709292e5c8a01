import { setTimeout as delay } from 'node:timers/promises';
import type { MonitorItem } from '../../core/wire/monitor-messages';
import { BoardOutput } from '../../node/board/board-output';
import { readRecording } from '../../node/board/monitor/recording';

/** Silence that is worth waiting for, in milliseconds; longer ones are cut short. */
const longestWait = 1000;

/**
 * Shows a recorded session in its own time.
 *
 * @throws StarmindError `recording.*`; nothing when the signal was aborted
 */
export async function replay(
  path: string,
  show: (item: MonitorItem) => void,
  signal: AbortSignal,
): Promise<void> {
  const output = new BoardOutput();
  let at = 0;
  output.onRecord((record) => show({ at, kind: 'record', record }));
  output.onText((text) => show({ at, kind: 'text', text }));
  for await (const event of readRecording(path)) {
    const wait = at === 0 ? 0 : Math.min(longestWait, Math.max(0, event.at - at));
    if (wait > 0) await delay(wait, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    at = event.at;
    if (event.kind === 'note') show(event);
    else if (event.kind === 'received') output.push(event.bytes);
    else show({ at, kind: 'sent', line: Buffer.from(event.bytes).toString().trimEnd() });
  }
  output.finish();
}
