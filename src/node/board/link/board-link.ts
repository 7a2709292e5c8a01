import type { DeviceRecord, HelloRecord } from '../../../core/wire/device-records';
import { systemClock, type Clock } from '../../clock';
import { StarmindError } from '../../starmind-error';
import type { Board, Patience } from '../board';
import { BoardOutput } from '../board-output';
import { boardAway, boardLent, portFailed } from '../board-errors';
import { Listeners, type Disposer, type Listener } from '../listeners';
import { usualBackOff, waitAfter, type BackOff } from './back-off';
import { isSameState, type LinkState } from './link-state';
import { usualBaudRate } from './serial-transport';
import { Turns } from './turns';
import type { FindTransport, Transport } from './transport';

export interface LinkOptions {
  /** Name of the board in messages; a function where it is not known from the start. */
  name: string | (() => string);
  find: FindTransport;
  baudRate?: number;
  patience?: Patience;
  backOff?: BackOff;
  clock?: Clock;
}

/** Milliseconds that a conversation has to end when the port is to be lent. */
const courtesy = 3000;

/** An open port and the data received from it. */
interface Connection {
  transport: Transport;
  output: BoardOutput;
}

/**
 * The one owner of a board's port. It connects, and reconnects after the board was unplugged, slept
 * or was flashed. Every listener gets the board's output; conversations take turns; `lend` gives
 * the port itself away for a while.
 */
export class BoardLink {
  private readonly nameNow: () => string;
  private readonly find: FindTransport;
  private readonly clock: Clock;
  private readonly patience: Patience;
  private readonly backOff: BackOff;
  private readonly states = new Listeners<LinkState>();
  private readonly data = new Listeners<Uint8Array>();
  private readonly sent = new Listeners<Uint8Array>();
  private readonly records = new Listeners<DeviceRecord>();
  private readonly texts = new Listeners<string>();
  private readonly turns = new Turns();
  private present: LinkState = { status: 'closed' };
  private connection: Connection | undefined;
  private greeting: HelloRecord | undefined;
  private rate: number;
  private holds = 0;
  /** Whether the link should be connected, also while the port is lent. */
  private wanted = false;
  private lent = false;
  /** Aborts `keeping`, which finds the board and keeps the connection. */
  private stop: AbortController | undefined;
  private keeping: Promise<void> = Promise.resolve();
  /** Aborted when the port is to be lent: the running conversation must end. */
  private leave = new AbortController();

  constructor({ name, find, baudRate, patience, backOff, clock = systemClock }: LinkOptions) {
    this.nameNow = typeof name === 'string' ? () => name : name;
    this.find = find;
    this.clock = clock;
    this.rate = baudRate ?? usualBaudRate;
    this.patience = patience ?? { greeting: 10_000, answer: 180_000, stop: 2000 };
    this.backOff = backOff ?? usualBackOff;
  }

  get name(): string {
    return this.nameNow();
  }

  get state(): LinkState {
    return this.present;
  }

  /** The board's hello; undefined while it is absent, or runs other firmware. */
  get hello(): HelloRecord | undefined {
    return this.greeting;
  }

  get baudRate(): number {
    return this.rate;
  }

  onState(listener: Listener<LinkState>): Disposer {
    return this.states.add(listener);
  }

  /** Every byte that the board sends, in pieces. */
  onData(listener: Listener<Uint8Array>): Disposer {
    return this.data.add(listener);
  }

  /** All bytes written to the board, by any client. */
  onSent(listener: Listener<Uint8Array>): Disposer {
    return this.sent.add(listener);
  }

  onRecord(listener: Listener<DeviceRecord>): Disposer {
    return this.records.add(listener);
  }

  onText(listener: Listener<string>): Disposer {
    return this.texts.add(listener);
  }

  /** Begins to keep the connection; reports its state to `onState`. */
  connect(): void {
    this.wanted = true;
    if (!this.lent) this.keep();
  }

  /** Closes the connection, until `connect` is called again. */
  async disconnect(): Promise<void> {
    this.wanted = false;
    await this.release();
    if (!this.lent && !this.wanted) this.enter({ status: 'closed' });
  }

  /** False when the board is not connected, or accepts no more bytes. */
  write(bytes: Uint8Array): boolean {
    const taken = this.connection?.transport.write(bytes) ?? false;
    if (taken) this.sent.emit(bytes);
    return taken;
  }

  /**
   * Holds the board back until the result is called: for listeners that cannot keep up and must not
   * lose data.
   */
  hold(): Disposer {
    this.holds++;
    if (this.holds === 1) this.connection?.transport.hold(true);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.holds--;
      if (this.holds === 0) this.connection?.transport.hold(false);
    };
  }

  /** @throws StarmindError when the port does not support this rate; the old one stays */
  async setBaudRate(baudRate: number): Promise<void> {
    await this.connection?.transport.setBaudRate(baudRate);
    this.rate = baudRate;
  }

  /**
   * Holds a conversation with the board after the earlier ones have ended.
   *
   * @param use gets the board and a signal that asks it to end
   * @throws StarmindError `board.away` when the board is not connected, `board.lent` when the port
   *   is lent, and errors of `use`
   */
  converse<T>(
    use: (board: Board, signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const ending = signal ? AbortSignal.any([this.leave.signal, signal]) : this.leave.signal;
    return this.turns.take(async () => {
      ending.throwIfAborted();
      return use(this.asBoard(), ending);
    });
  }

  /**
   * Lends the port while `use` works with it, and takes it back. Asks a conversation to end first,
   * and cuts it off when it does not.
   *
   * @param to the borrower, in words
   */
  lend<T>(to: string, use: () => Promise<T>): Promise<T> {
    this.leave.abort(boardLent(this.name, to));
    this.leave = new AbortController();
    const begun = new AbortController();
    void this.clock.sleep(courtesy, begun.signal).then(
      () => this.release(),
      () => undefined,
    );
    return this.turns.take(async () => {
      begun.abort();
      this.lent = true;
      await this.release();
      this.enter({ status: 'lent', to });
      try {
        return await use();
      } finally {
        this.lent = false;
        this.enter({ status: this.wanted ? 'searching' : 'closed' });
        if (this.wanted) this.keep();
      }
    });
  }

  private keep(): void {
    if (this.stop) return;
    const { signal } = (this.stop = new AbortController());
    // A previous loop that was stopped must end first.
    this.keeping = this.keeping.then(() => this.keepConnected(signal));
  }

  /** Closes the port and stops looking for it. */
  private async release(): Promise<void> {
    this.stop?.abort();
    this.stop = undefined;
    await this.keeping;
  }

  private async keepConnected(signal: AbortSignal): Promise<void> {
    for (let looks = 1; !signal.aborted; looks++) {
      const result = await this.attempt(signal);
      if (signal.aborted) return;
      if (result.status === 'lost') looks = 1;
      const { reason } = result;
      const failed = result.status === 'failed';
      if (failed) this.enter({ status: 'failed', error: result.reason });
      else this.enter({ status: 'searching', ...(reason && { lost: reason }) });
      const wait = waitAfter(looks, failed ? this.backOff.failed : this.backOff.searching);
      // A sleep fails only when it is aborted.
      await this.clock.sleep(wait, signal).catch(() => undefined);
    }
  }

  /** Looks for the board once, and stays with it as long as it is there. */
  private async attempt(signal: AbortSignal): Promise<AttemptResult> {
    try {
      const transport = await this.find(this.rate);
      if (!transport || signal.aborted) return { status: 'absent' };
      return await this.stayWith(transport, signal);
    } catch (error) {
      const reason = error instanceof StarmindError ? error : portFailed(this.name, error as Error);
      // The port may disappear between looking and opening.
      if (reason.code === 'board.missing') return { status: 'absent' };
      if (reason.code === 'board.waiting') return { status: 'absent', reason };
      return { status: 'failed', reason };
    }
  }

  private async stayWith(transport: Transport, signal: AbortSignal): Promise<AttemptResult> {
    const output = new BoardOutput();
    output.onRecord((record) => {
      if (record.record === 'hello') this.greeting = record;
      this.records.emit(record);
    });
    output.onText((text) => this.texts.emit(text));
    transport.onData((bytes) => {
      this.data.emit(bytes);
      if (!transport.onItems) output.push(bytes);
    });
    transport.onItems?.((items) => output.take(items));
    const gone = new Promise<StarmindError | undefined>((resolve) => transport.onClosed(resolve));
    const close = (): void => void transport.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      await transport.open();
      if (signal.aborted) return { status: 'lost' };
      this.connection = { transport, output };
      if (this.holds > 0) transport.hold(true);
      this.enter({ status: 'connected', name: transport.name });
      const reason = await gone;
      this.connection = undefined;
      this.greeting = undefined;
      // Data may still arrive until it is closed.
      await transport.close();
      output.finish(reason);
      return { status: 'lost', reason };
    } finally {
      signal.removeEventListener('abort', close);
      await transport.close();
    }
  }

  private enter(state: LinkState): void {
    if (isSameState(state, this.present)) return;
    this.present = state;
    this.states.emit(state);
  }

  /** The present connection, as the Board that conversations use. */
  private asBoard(): Board {
    const { connection } = this;
    if (!connection) throw boardAway(this.name);
    return {
      name: this.name,
      patience: this.patience,
      open: () => Promise.resolve(),
      write: (line) => void this.write(Buffer.from(`${line}\n`)),
      onRecord: (listener) => connection.output.onRecord(listener),
      onText: (listener) => connection.output.onText(listener),
      onClosed: (listener) => connection.output.onClosed(listener),
      close: () => Promise.resolve(),
    };
  }
}

type AttemptResult =
  /** `reason`: why, where that is known. */
  | { status: 'absent'; reason?: StarmindError | undefined }
  /** There was a connection. */
  | { status: 'lost'; reason?: StarmindError | undefined }
  | { status: 'failed'; reason: StarmindError };
