import { bytesOver, formatGenerate, type GenerateRequest } from '../../core/wire/commands';
import {
  protocolVersion,
  type BenchRecord,
  type DeviceRecord,
  type DoneRecord,
  type HelloRecord,
  type TokenRecord,
} from '../../core/wire/device-records';
import type { Board } from './board';
import { boardClosed, boardProtocol, boardRefused, boardSilent, promptTooLong } from './errors';

interface Exchange<T> {
  lines: readonly string[];
  /** Looks at each record; a value that it returns is the result. */
  receive: (record: DeviceRecord) => T | undefined;
  /** Milliseconds without a record after which the board counts as dead. */
  patience: number;
  /** Tells the board to stop; what it answers then is still awaited. */
  signal?: AbortSignal | undefined;
  /** Nobody waits any more. */
  quit?: AbortSignal | undefined;
}

/** Sends lines and takes the records that answer them, until one is the result. */
function exchange<T>(
  board: Board,
  { lines, receive, patience, signal, quit }: Exchange<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cleanUps: (() => void)[] = [];
    let silence: NodeJS.Timeout | undefined;
    const settle = (how: () => void): void => {
      clearTimeout(silence);
      for (const cleanUp of cleanUps.splice(0)) cleanUp();
      how();
    };
    const listen = (): void => {
      clearTimeout(silence);
      silence = setTimeout(
        () => settle(() => reject(boardSilent(board.name, patience / 1000))),
        patience,
      );
    };
    const stop = (): void => board.write('stop');
    const leave = (): void => settle(() => reject(quit?.reason as Error));

    listen();
    cleanUps.push(
      board.onRecord((record) => {
        listen();
        try {
          const result = receive(record);
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
    // Last, since a board that has closed already says so at once.
    cleanUps.push(
      board.onClosed((reason) => settle(() => reject(reason ?? boardClosed(board.name)))),
    );
  });
}

/**
 * Waits until the board has introduced itself, and is idle: whatever it was doing for someone
 * before is stopped.
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
    // The empty line ends what another program may have left half typed.
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

/** The line that asks a board to speak. @throws StarmindError `board.prompt` for one too long */
export function generateLine(request: GenerateRequest): string {
  const line = formatGenerate(request);
  const surplus = bytesOver(line);
  if (surplus > 0) throw promptTooLong(surplus);
  return line;
}

/**
 * Lets the board speak. Resolves with its summary; after the signal was aborted that is of what it
 * had said by then, with the reason `stopped`. The board must have greeted before.
 *
 * @throws StarmindError `board.prompt` for a prompt that is too long, and other `board.*`
 */
export async function generate(
  board: Board,
  request: GenerateRequest,
  onToken: (token: TokenRecord) => void,
  signal?: AbortSignal,
): Promise<DoneRecord> {
  return exchange(board, {
    lines: [generateLine(request)],
    patience: board.patience.answer,
    signal,
    receive: (record) => {
      if (record.record === 'token') onToken(record);
      if (record.record === 'error') throw boardRefused(board.name, record.code, record.message);
      return record.record === 'done' ? record : undefined;
    },
  });
}

/** Lets the board measure itself. Resolves with all measurements; they are told as they come. */
export function bench(
  board: Board,
  onBench: (measurement: BenchRecord) => void = () => undefined,
): Promise<BenchRecord[]> {
  const measurements: BenchRecord[] = [];
  return exchange(board, {
    lines: ['bench'],
    patience: board.patience.answer,
    receive: (record) => {
      if (record.record === 'error') throw boardRefused(board.name, record.code, record.message);
      if (record.record === 'bench') {
        measurements.push(record);
        onBench(record);
      }
      // The board may still owe a `ready` for what was asked before.
      return record.record === 'ready' && measurements.length > 0 ? measurements : undefined;
    },
  });
}
