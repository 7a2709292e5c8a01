import type { DeviceRecord } from '../../../core/wire/device-records';
import { StarmindError } from '../../errors';
import { systemClock, type Clock } from '../../clock';
import type { Board, Patience } from '../board';
import { BoardOutput } from '../board-output';
import { boardClosed } from '../errors';
import { Listeners, type Disposer, type Listener } from '../listeners';
import { usualBaudRate } from './serial-transport';
import type { Transport } from './transport';

/** How a link stands. */
export type LinkState =
  /** The board is not there. */
  | { status: 'searching' }
  | { status: 'connected'; name: string }
  /** Somebody else has the port, by `lend`. */
  | { status: 'lent'; to: string }
  /** The board is there but not to be had; it is tried again. */
  | { status: 'failed'; error: StarmindError }
  | { status: 'closed' };

export interface LinkOptions {
  /**
   * Looks for the board, whatever its port is called by now. Undefined while it is not there.
   */
  find: (baudRate: number) => Promise<Transport | undefined>;
  patience?: Patience;
  clock?: Clock;
  /** Milliseconds between two looks. */
  retry?: { searching: number; failed: number };
}

const usualRetry = { searching: 500, failed: 2000 };

/**
 * The one owner of a board's port. It connects, and connects again after the board was unplugged,
 * slept or was flashed. Everybody hears what the board says; those who speak with it take turns;
 * `lend` gives the port itself away for a while.
 */
export class BoardLink {
  baudRate = usualBaudRate;

  private readonly find: LinkOptions['find'];
  private readonly clock: Clock;
  private readonly patience: Patience;
  private readonly retry: { searching: number; failed: number };
  private readonly states = new Listeners<LinkState>();
  private readonly data = new Listeners<Uint8Array>();
  private readonly records = new Listeners<DeviceRecord>();
  private readonly texts = new Listeners<string>();
  private present: LinkState = { status: 'closed' };
  private transport: Transport | undefined;
  private output = new BoardOutput();
  private loop: Promise<void> = Promise.resolve();
  private stop: AbortController | undefined;
  private turns: Promise<unknown> = Promise.resolve();

  constructor({ find, patience, clock = systemClock, retry = usualRetry }: LinkOptions) {
    this.find = find;
    this.clock = clock;
    this.retry = retry;
    this.patience = patience ?? { greeting: 10_000, answer: 180_000 };
  }

  get state(): LinkState {
    return this.present;
  }

  onState(listener: Listener<LinkState>): Disposer {
    return this.states.add(listener);
  }

  /** Every byte that the board sends, in pieces. */
  onData(listener: Listener<Uint8Array>): Disposer {
    return this.data.add(listener);
  }

  onRecord(listener: Listener<DeviceRecord>): Disposer {
    return this.records.add(listener);
  }

  onText(listener: Listener<string>): Disposer {
    return this.texts.add(listener);
  }

  /** Begins to keep the connection; what becomes of it is told to `onState`. */
  connect(): void {
    if (this.stop) return;
    const stop = new AbortController();
    this.stop = stop;
    // A loop that was told to stop comes to its end first.
    this.loop = this.loop.then(() => this.keepConnected(stop.signal));
  }

  /** Lets the board go, until `connect` is called again. */
  async disconnect(): Promise<void> {
    await this.release();
    this.enter({ status: 'closed' });
  }

  /** False when the board is not connected, or takes nothing any more. */
  write(bytes: Uint8Array): boolean {
    return this.transport?.write(bytes) ?? false;
  }

  async setBaudRate(baudRate: number): Promise<void> {
    this.baudRate = baudRate;
    await this.transport?.setBaudRate(baudRate);
  }

  /**
   * Speaks with the board when those before have ended.
   *
   * @throws StarmindError `board.closed` when the board is not connected, and what `use` throws
   */
  converse<T>(use: (board: Board) => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      const board = this.asBoard();
      if (this.present.status !== 'connected') throw boardClosed(board.name);
      return use(board);
    });
  }

  /**
   * Gives the port away while `use` works with it, and takes it back, connected or searching as
   * before.
   *
   * @param to who has it, in words
   */
  lend<T>(to: string, use: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      const wasOpen = this.stop !== undefined;
      await this.release();
      this.enter({ status: 'lent', to });
      try {
        return await use();
      } finally {
        this.enter({ status: wasOpen ? 'searching' : 'closed' });
        if (wasOpen) this.connect();
      }
    });
  }

  private inTurn<T>(use: () => Promise<T>): Promise<T> {
    const turn = this.turns.then(use);
    // One that fails does not keep others from their turns.
    this.turns = turn.catch(() => undefined);
    return turn;
  }

  /** Ends the loop and closes the port. */
  private async release(): Promise<void> {
    this.stop?.abort();
    this.stop = undefined;
    await this.loop;
  }

  private async keepConnected(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wait = await this.attempt(signal);
      // The only failure of a sleep is its end.
      await this.clock.sleep(wait, signal).catch(() => undefined);
    }
  }

  /** Looks for the board once and stays with it as long as it is there. Returns how long to rest. */
  private async attempt(signal: AbortSignal): Promise<number> {
    try {
      const transport = await this.find(this.baudRate);
      if (signal.aborted) return 0;
      if (!transport) {
        this.enter({ status: 'searching' });
        return this.retry.searching;
      }
      await this.stayWith(transport, signal);
      if (!signal.aborted) this.enter({ status: 'searching' });
      return this.retry.searching;
    } catch (error) {
      if (!(error instanceof StarmindError)) throw error;
      // A port that has gone between looking and opening is not there.
      const status = error.code === 'board.missing' ? 'searching' : 'failed';
      this.enter(status === 'failed' ? { status, error } : { status });
      return this.retry[status];
    }
  }

  private async stayWith(transport: Transport, signal: AbortSignal): Promise<void> {
    const output = new BoardOutput();
    output.onRecord((record) => this.records.emit(record));
    output.onText((text) => this.texts.emit(text));
    transport.onData((bytes) => {
      this.data.emit(bytes);
      output.push(bytes);
    });
    const gone = new Promise<StarmindError | undefined>((resolve) => transport.onClosed(resolve));
    await transport.open();
    this.output = output;
    this.transport = transport;
    const close = () => void transport.close();
    signal.addEventListener('abort', close, { once: true });
    if (signal.aborted) close();
    else this.enter({ status: 'connected', name: transport.name });
    const reason = await gone;
    signal.removeEventListener('abort', close);
    // Whoever takes the port next finds it closed.
    await transport.close();
    this.transport = undefined;
    output.finish(reason);
  }

  private enter(state: LinkState): void {
    if (alike(state, this.present)) return;
    this.present = state;
    this.states.emit(state);
  }

  /** The connection of this moment, as conversations know boards. */
  private asBoard(): Board {
    const { transport, output } = this;
    return {
      name: transport?.name ?? 'The board',
      patience: this.patience,
      open: () => Promise.resolve(),
      write: (line) => void this.write(Buffer.from(`${line}\n`)),
      onRecord: (listener) => this.onRecord(listener),
      onText: (listener) => this.onText(listener),
      onClosed: (listener) => output.onClosed(listener),
      close: () => Promise.resolve(),
    };
  }
}

function alike(a: LinkState, b: LinkState): boolean {
  return a.status === b.status && a.status !== 'failed'
    ? true
    : a.status === 'failed' && b.status === 'failed' && a.error.message === b.error.message;
}
