import {
  bytesOver,
  formatGenerate,
  type GenerateRequest,
  promptBytes,
} from '../../core/wire/commands';
import {
  protocolVersion,
  type BenchRecord,
  type DeviceRecord,
  type DoneRecord,
  type HelloRecord,
  type TokenRecord,
} from '../../core/wire/device-records';
import type { Board } from './board';
import {
  boardClosed,
  boardDoesNotStop,
  boardProtocol,
  boardRefused,
  boardSilent,
  boardUnanswering,
  lineTooLong,
} from './board-errors';
import { overLine } from '../../core/wire/prompt-limits';

interface Exchange<T> {
  lines: readonly string[];
  /**
   * Receives each record; a value that it returns is the result. It calls `goOn` for records that
   * bring the result nearer, which restarts the patience. Other records may arrive for ever.
   */
  receive: (record: DeviceRecord, goOn: () => void) => T | undefined;
  /** Milliseconds without an answer after which the board counts as dead. */
  patience: number;
  /** Asks the board to stop; the exchange then waits a moment for its answer. */
  signal?: AbortSignal | undefined;
  /** Ends the exchange at once: the caller has stopped waiting. */
  quit?: AbortSignal | undefined;
}

/** Sends lines and receives the records that answer them, until one is the result. */
function exchange<T>(
  board: Board,
  { lines, receive, patience, signal, quit }: Exchange<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cleanUps: (() => void)[] = [];
    let end: NodeJS.Timeout | undefined;
    let isStopped = false;
    let isHeard = false;
    const settle = (how: () => void): void => {
      clearTimeout(end);
      for (const cleanUp of cleanUps.splice(0)) cleanUp();
      how();
    };
    const endAfter = (milliseconds: number, failure: () => Error): void => {
      clearTimeout(end);
      end = setTimeout(() => settle(() => reject(failure())), milliseconds);
    };
    const listen = (): void => {
      if (isStopped) return;
      const failure = () => (isHeard ? boardUnanswering : boardSilent)(board.name, patience / 1000);
      endAfter(patience, failure);
    };
    const stop = (): void => {
      isStopped = true;
      const time = board.patience.stop;
      endAfter(time, () => boardDoesNotStop(board.name, time / 1000));
      board.write('stop');
    };
    const leave = (): void => settle(() => reject(quit?.reason as Error));

    listen();
    cleanUps.push(
      board.onRecord((record) => {
        isHeard = true;
        try {
          const result = receive(record, listen);
          if (result !== undefined) settle(() => resolve(result));
        } catch (error) {
          settle(() => reject(error as Error));
        }
      }),
    );
    signal?.addEventListener('abort', stop, { once: true });
    cleanUps.push(() => signal?.removeEventListener('abort', stop));
    quit?.addEventListener('abort', leave, { once: true });
    cleanUps.push(() => quit?.removeEventListener('abort', leave));
    for (const line of lines) board.write(line);
    if (signal?.aborted) stop();
    // Register last: a board that has closed already calls back at once.
    cleanUps.push(
      board.onClosed((reason) => settle(() => reject(reason ?? boardClosed(board.name)))),
    );
  });
}

/**
 * Waits for the board's hello, and until it is idle: stops what it was doing for another client.
 * The patience covers all of that, whatever else the board sends meanwhile.
 *
 * @throws the signal's reason at once when it is aborted; StarmindError `board.*`
 */
export function waitForHello(
  board: Board,
  timeoutMs = board.patience.greeting,
  signal?: AbortSignal,
): Promise<HelloRecord> {
  signal?.throwIfAborted();
  let hello: HelloRecord | undefined;
  return exchange(board, {
    // The empty line ends a line that another program may have left half typed.
    lines: ['', 'stop', 'info'],
    patience: timeoutMs,
    quit: signal,
    receive: (record) => {
      if (record.record === 'hello') {
        if (record.protocol !== protocolVersion) {
          throw boardProtocol(board.name, record.protocol, protocolVersion);
        }
        hello = record;
      }
      return record.record === 'ready' ? hello : undefined;
    },
  });
}

/** The command line of a request. @throws StarmindError `board.prompt` for one too long */
export function generateLine(request: GenerateRequest): string {
  const line = formatGenerate(request);
  const surplus = bytesOver(line);
  if (surplus > 0) throw lineTooLong(overLine(promptBytes(request), surplus));
  return line;
}

/**
 * Lets the board generate. Resolves with its summary; after an abort that is the summary of the
 * tokens so far, with the reason `stopped`. The board must have greeted before.
 *
 * @throws StarmindError `board.prompt` for a prompt that is too long, `interrupted` when the board
 *   does not stop though the signal was aborted, and other `board.*`
 */
export async function generate(
  board: Board,
  request: GenerateRequest,
  onToken: (token: TokenRecord) => void,
  signal?: AbortSignal,
): Promise<DoneRecord> {
  /** Tokens of this generation that have arrived; only these may be in its summary. */
  let spoken = 0;
  return exchange(board, {
    lines: [generateLine(request)],
    patience: board.patience.answer,
    signal,
    receive: (record, goOn) => {
      if (record.record === 'token') {
        const { index } = record;
        if (index >= spoken && index < (request.tokens ?? Infinity)) {
          // Over a UART, tokens may be lost.
          spoken = index + 1;
          goOn();
        }
        onToken(record);
      }
      if (record.record === 'error') throw boardRefused(board.name, record);
      return record.record === 'done' ? record : undefined;
    },
  });
}

/**
 * Lets the board benchmark itself. Resolves with all measurements, and reports each as it arrives.
 */
export function bench(
  board: Board,
  onBench: (measurement: BenchRecord) => void = () => undefined,
): Promise<BenchRecord[]> {
  const measurements: BenchRecord[] = [];
  const measured = new Set<string>();
  return exchange(board, {
    lines: ['bench'],
    patience: board.patience.answer,
    receive: (record, goOn) => {
      if (record.record === 'error') throw boardRefused(board.name, record);
      if (record.record === 'bench') {
        const what = JSON.stringify([record.kernel, record.part, record.context, record.logits]);
        if (!measured.has(what)) goOn();
        measured.add(what);
        measurements.push(record);
        onBench(record);
      }
      // The board may still owe a `ready` for an earlier command.
      return record.record === 'ready' && measurements.length > 0 ? measurements : undefined;
    },
  });
}
