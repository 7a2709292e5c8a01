import { coreCount, grouped } from '../text';
import { promptOver, type DeviceRecord } from '../wire/device-records';

/** A record in a few words. */
export function recordText(record: DeviceRecord): string {
  switch (record.record) {
    case 'hello': {
      const { firmware, board, clock_mhz, clock = 'ok', cores, image, model } = record;
      const wrong = clock === 'ok' ? '' : ` (${clock})`;
      return `hello: firmware ${firmware} on ${board} at ${clock_mhz} MHz${wrong}, ${coreCount(cores)}, model ${model ?? `none (${image})`}`;
    }
    case 'ready':
      return 'ready';
    case 'token': {
      const { index, id, text, us, rank } = record;
      const place = rank === undefined ? '' : `, rank ${rank}`;
      return `token ${index}: ${JSON.stringify(text)} (id ${id}${place}) after ${grouped(us)} us`;
    }
    case 'done': {
      const { tokens, reason, tokens_per_second, cycles_per_token } = record;
      return `done: ${tokens} tokens (${reason}), ${tokens_per_second} tok/s, ${grouped(cycles_per_token)} cycles a token`;
    }
    case 'error':
      return `error (${record.code}): ${promptOver(record) ?? record.message}`;
    case 'bench': {
      const { record: _, ...fields } = record;
      const list = Object.entries(fields).map(([name, value]) => `${name} ${String(value)}`);
      return `bench: ${list.join(', ')}`;
    }
  }
}
