import type { MonitorItem } from '../../../core/wire/monitor-messages';
import { BoardOutput } from '../board-output';
import { itemsOf, sentItems } from './items';
import type { SessionEntry } from './recorded-session';

/** Turns the entries of a session back into items of the monitor, one after the other. */
export async function replayItems(
  entries: AsyncIterable<SessionEntry>,
  put: (item: MonitorItem) => Promise<void> | void,
): Promise<void> {
  const output = new BoardOutput();
  let at = 0;
  let items: MonitorItem[] = [];
  itemsOf(
    output,
    () => at,
    (item) => items.push(item),
  );
  const tell = async (): Promise<void> => {
    const told = items;
    items = [];
    for (const item of told) await put(item);
  };
  for await (const entry of entries) {
    at = entry.at;
    if (entry.kind === 'data') output.push(entry.bytes);
    else if (entry.kind === 'sent') items.push(...sentItems(at, entry.bytes));
    else items.push({ at, kind: 'note', text: entry.text });
    await tell();
  }
  output.finish();
  await tell();
}
