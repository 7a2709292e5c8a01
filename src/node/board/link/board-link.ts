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
  /** What the board is called in messages; a function where that is not known from the start. */
  name: string | (() => string);
  find: FindTransport;
  baudRate?: number;
  patience?: Patience;
  backOff?: BackOff;
  clock?: Clock;
}

/** Milliseconds that a conversation has to come to its end when the port is to be lent. */
const courtesy = 3000;

/** An open port and what has come from it. */
interface Connection {
  transport: Transport;
  output: BoardOutput;
}

/**
 * The one owner of a board's port. It connects, and connects again after the board was unplugged,
 * slept or was flashed. Everybody hears what the board says; those who speak with it take turns;
 * `lend` gives the port itself away for a while.
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
  /** Whether there ought to be a connection, also while the port is lent. */
  private wanted = false;
  private lent = false;
  /** Ends `keeping`, which finds the board and stays with it. */
  private stop: AbortController | undefined;
  private keeping: Promise<void> = Promise.resolve();
  /** Aborted when the port is to be lent: whoever speaks with the board comes to an end. */
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

  /** What the board has said of itself; undefined while it is not there, or not ours. */
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

  /** What was written to the board, by whomever. */
  onSent(listener: Listener<Uint8Array>): Disposer {
    return this.sent.add(listener);
  }

  onRecord(listener: Listener<DeviceRecord>): Disposer {
    return this.records.add(listener);
  }

  onText(listener: Listener<string>): Disposer {
    return this.texts.add(listener);
  }

  /** Begins to keep the connection; what becomes of it is told to `onState`. */
  connect(): void {
    this.wanted = true;
    if (!this.lent) this.keep();
  }

  /** Lets the board go, until `connect` is called again. */
  async disconnect(): Promise<void> {
    this.wanted = false;
    await this.release();
    if (!this.lent && !this.wanted) this.enter({ status: 'closed' });
  }

  /** False when the board is not connected, or takes nothing any more. */
  write(bytes: Uint8Array): boolean {
    const taken = this.connection?.transport.write(bytes) ?? false;
    if (taken) this.sent.emit(bytes);
    return taken;
  }

  /**
   * Holds the board back until the result is called: for those who cannot keep up and must not
   * lose anything.
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

  /** @throws StarmindError when the port does not do this rate; the old one stays */
  async setBaudRate(baudRate: number): Promise<void> {
    await this.connection?.transport.setBaudRate(baudRate);
    this.rate = baudRate;
  }

  /**
   * Speaks with the board when those before have ended.
   *
   * @param use gets the board and a signal that tells it to come to its end
   * @throws StarmindError `board.away` when the board is not connected, `board.lent` when the port
   *   is given away, and what `use` throws
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
   * Gives the port away while `use` works with it, and takes it back. A conversation is asked to
   * come to an end first, and cut off when it does not.
   *
   * @param to who has it, in words
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
    // One that was told to stop comes to its end first.
    this.keeping = this.keeping.then(() => this.keepConnected(signal));
  }

  /** Closes the port and looks for it no longer. */
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
      // The only failure of a sleep is its end.
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
      // A port that has gone between looking and opening is not there.
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
      // Until it is closed, something may still come.
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

  /** The connection of this moment, as conversations know boards. */
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
