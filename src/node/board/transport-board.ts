import type { StarmindError } from '../starmind-error';
import type { Board } from './board';
import { BoardOutput } from './board-output';
import type { Transport } from './link/transport';

/** A board behind a transport, for one conversation: `close` closes the transport. */
export class TransportBoard implements Board {
  readonly patience = { greeting: 10_000, answer: 180_000, stop: 2000 };
  readonly name: string;

  readonly onRecord;
  readonly onText;
  readonly onClosed;

  private readonly output = new BoardOutput();

  constructor(private readonly transport: Transport) {
    this.name = transport.name;
    this.onRecord = this.output.onRecord.bind(this.output);
    this.onText = this.output.onText.bind(this.output);
    this.onClosed = this.output.onClosed.bind(this.output);
  }

  async open(): Promise<void> {
    this.transport.onData((bytes) => this.output.push(bytes));
    this.transport.onClosed((reason?: StarmindError) => this.output.finish(reason));
    await this.transport.open();
  }

  write(line: string): void {
    if (!this.output.closed) this.transport.write(Buffer.from(`${line}\n`));
  }

  async close(): Promise<void> {
    this.output.finish();
    await this.transport.close();
  }
}
