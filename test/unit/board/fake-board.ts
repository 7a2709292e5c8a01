import { firmwareVersion, protocolVersion } from '../../../src/core/wire/device-records';
import type { Board } from '../../../src/node/board/board';
import { BoardOutput } from '../../../src/node/board/board-output';

/** A board whose answers a test writes. */
export class FakeBoard implements Board {
  readonly name = 'a board';
  patience = { greeting: 1000, answer: 1000, stop: 200 };
  readonly output = new BoardOutput();
  readonly onRecord = this.output.onRecord.bind(this.output);
  readonly onText = this.output.onText.bind(this.output);
  readonly onClosed = this.output.onClosed.bind(this.output);
  readonly written: string[] = [];

  constructor(private readonly answer: (line: string, board: FakeBoard) => void) {}

  open(): Promise<void> {
    return Promise.resolve();
  }

  write(line: string): void {
    this.written.push(line);
    this.answer(line, this);
  }

  /** Sends records, from the device's side. */
  say(...records: readonly object[]): void {
    for (const record of records) this.output.push(Buffer.from(`\x1e${JSON.stringify(record)}\n`));
  }

  /** Sends a record again and again, until the board is closed. */
  flood(record: (index: number) => object): void {
    let index = 0;
    const talking = setInterval(() => this.say(record(index++)), 1);
    this.onClosed(() => clearInterval(talking));
  }

  close(): Promise<void> {
    this.output.finish();
    return Promise.resolve();
  }
}

export const hello = {
  record: 'hello',
  firmware: firmwareVersion,
  protocol: protocolVersion,
  program: 'cafe',
  board: 'pico',
  clock_mhz: 200,
  cores: 2,
  image: 'ok',
  memory: {},
};

export const ready = { record: 'ready' };

export function token(index: number): object {
  return { record: 'token', index, id: 40 + index, text: 'a', us: index };
}

export function done(tokens: number, reason: string): object {
  return {
    record: 'done',
    tokens,
    reason,
    microseconds: 1,
    cycles_per_token: 2,
    tokens_per_second: 3,
    peak_stack: 4,
    text: '',
  };
}
