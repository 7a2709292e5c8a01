import type { HelloRecord, TokenRecord } from '../../../src/core/wire/device-records';
import type { HostToken, MonitorBoard, MonitorItem } from '../../../src/core/wire/monitor-messages';

export const hello: HelloRecord = {
  record: 'hello',
  firmware: '0.1.0',
  protocol: 1,
  board: 'pico',
  clock_mhz: 200,
  cores: 2,
  model: '3f9a1c77d0e4b2aa',
  tokenizer: '77aa',
  image: 'ok',
  memory: { weights: 150_000, arena: 40_000, program: 20_000, stack: 4096, free: 56_240 },
};

export const virtual: MonitorBoard = {
  id: 'virtual',
  label: 'Virtual Pico',
  detail: 'emulated here',
  kind: 'virtual',
};
export const pico: MonitorBoard = {
  id: 'E6614103E7',
  label: 'Raspberry Pi Pico',
  detail: '/dev/ttyACM0',
  kind: 'serial',
};

const words =
  ' there was a little girl named Lily . She loved to play in the park with her big red ball . One day , she saw a bird'
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => (/^[.,]$/.test(word) ? word : ` ${word}`));

/** A time that the samples begin at. */
export const begin = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

export interface SpeechOptions {
  seed?: number;
  /** Ends with the summary. */
  done?: boolean;
}

/** The traffic of the port while a board answers a prompt. */
export function speechItems(
  prompt: string,
  { seed = 1, done = true }: SpeechOptions = {},
): MonitorItem[] {
  const items: MonitorItem[] = [
    { at: begin, kind: 'sent', line: `generate seed=${seed} rank=1 prompt=${prompt}` },
  ];
  let us = 42_000;
  words.forEach((text, index) => {
    // Attention takes longer as the context fills; now and then an interrupt adds to it.
    us += 3000 + 60 * index + (((index + seed) * 7919) % 13 === 0 ? 2500 : 0);
    const id = 300 + text.length * 17 + index;
    const rank = 1 + (((index + seed) * 31) % 7 === 0 ? 4 : 0);
    items.push({
      at: begin + us / 1000,
      kind: 'record',
      record: { record: 'token', index, id, text, us, rank },
    });
  });
  if (done) {
    items.push({
      at: begin + us / 1000,
      kind: 'record',
      record: {
        record: 'done',
        tokens: words.length,
        reason: 'end-of-text',
        microseconds: us,
        cycles_per_token: 812_345,
        tokens_per_second: 246.2,
        peak_stack: 1832,
        text: '',
      },
    });
  }
  return items;
}

export function spokenTokens(items: readonly MonitorItem[]): TokenRecord[] {
  return items.flatMap((item) =>
    item.kind === 'record' && item.record.record === 'token' ? [item.record] : [],
  );
}

/** Every colour of terminals, as text and below it. */
const colors = [0, 1, 2, 3, 4, 5, 6, 7]
  .map((n) => `\x1b[3${n}mtext \x1b[9${n}mer\x1b[0m \x1b[4${n}mon\x1b[0m`)
  .join(' ');

/** Output of other people's programs. */
export function serialItems(): MonitorItem[] {
  const text = (value: string, after: number): MonitorItem => ({
    at: begin + after,
    kind: 'text',
    text: value,
  });
  return [
    { at: begin, kind: 'note', text: 'Connected to Raspberry Pi Pico (/dev/ttyACM0).' },
    text('MicroPython v1.24.1 on 2024-11-29; Raspberry Pi Pico with RP2040\r\n', 3),
    text('Type "help()" for more information.\r\n>>> ', 4),
    text('print(1)\r\n1\r\n', 900),
    text('\x1b[32mI (312) wifi: connected\x1b[0m\r\n', 1200),
    text('\x1b[1;31mE (340) sensor: timeout\x1b[0m after 3 tries\r\n', 1300),
    text('\x1b[33mW (350) battery low\x1b[0m\r\n', 1400),
    text(`${colors}\r\n`, 1450),
    text('loading 10 %\rloading 55 %\rloading 100 %\r\n', 1500),
    text('bell\x07 and null\x00 bytes\r\n', 1600),
    { at: begin + 1700, kind: 'sent', line: 'help' },
    { at: begin + 1800, kind: 'skipped', bytes: 123_456 },
    text('partial line without an end', 1900),
  ];
}

/** The tokens of the host's engine where it agrees with `speechItems`. */
export function hostTokens(seed = 1): HostToken[] {
  return spokenTokens(speechItems('', { seed })).map(({ index, id, text }) => ({
    index,
    id,
    text,
  }));
}
