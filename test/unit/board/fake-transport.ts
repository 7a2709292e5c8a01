import type { StarmindError } from '../../../src/node/starmind-error';
import { portLost } from '../../../src/node/board/board-errors';
import { Listeners } from '../../../src/node/board/listeners';
import type { Transport } from '../../../src/node/board/link/transport';

/** A port whose other end a test holds. */
export class FakeTransport implements Transport {
  readonly written: string[] = [];
  isOpen = false;
  held = false;
  /** Total bytes that it accepts; then it refuses more. */
  room = Infinity;
  private readonly data = new Listeners<Uint8Array>();
  private readonly closings = new Listeners<StarmindError | undefined>();
  private ended = false;
  readonly onData = this.data.add.bind(this.data);
  readonly onClosed = this.closings.add.bind(this.closings);

  /** @param answer receives each piece that is written */
  constructor(
    readonly name: string,
    private readonly answer: (text: string, transport: FakeTransport) => void = () => undefined,
    readonly baudRate = 115200,
  ) {}

  async open(): Promise<void> {
    this.isOpen = true;
  }

  write(bytes: Uint8Array): boolean {
    if (bytes.length > this.room) return false;
    this.room -= bytes.length;
    const text = Buffer.from(bytes).toString();
    this.written.push(text);
    this.answer(text, this);
    return true;
  }

  hold(held: boolean): void {
    this.held = held;
  }

  async setBaudRate(): Promise<void> {}

  async close(): Promise<void> {
    this.end();
  }

  /** Sends bytes, from the board's side. */
  send(bytes: Uint8Array | string): void {
    this.data.emit(Buffer.from(bytes));
  }

  say(...records: readonly object[]): void {
    for (const record of records) this.send(`\x1e${JSON.stringify(record)}\n`);
  }

  /** Simulates the loss of the board. */
  unplug(): void {
    this.end(portLost(this.name));
  }

  private end(reason?: StarmindError): void {
    if (this.ended) return;
    this.ended = true;
    this.isOpen = false;
    this.closings.emit(reason);
  }
}
