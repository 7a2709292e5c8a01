import { exitCodes, type ExitCode } from '../node/starmind-error';

/** Milliseconds that a command has to end after its reader has closed the output. */
const patience = 5000;

/** The reason of an abort that the reader of the output caused, not the user's Ctrl+C. */
export const outputClosed = new DOMException('The output was closed.', 'AbortError');

/** Errors of a stream whose reader is gone: a closed pipe, a terminal that hung up. */
const gone = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

/**
 * Watches standard output and standard error. When a reader closes one, as `head` does, it asks the
 * command to end, discards further output and exits without an error message.
 */
export class ClosedOutput {
  /** The reader has closed the output. */
  isClosed = false;
  private exitCode: ExitCode = exitCodes.ok;

  /** @param end asks the command to end */
  constructor(private readonly end: () => void) {}

  watch(): void {
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => this.failed(stream, error));
    }
  }

  private failed(stream: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
    if (this.isClosed) return;
    this.isClosed = true;
    if (!gone.has(error.code ?? '')) {
      this.exitCode = exitCodes.input;
      // Such as a full disk behind `>`; an error of standard error cannot be reported anywhere.
      if (stream === process.stdout) {
        process.stderr.write(`error: standard output cannot be written: ${error.message}\n`);
      }
    }
    // Whatever the command makes of its end.
    process.once('exit', () => (process.exitCode = this.exitCode));
    this.end();
    setTimeout(() => process.exit(), patience).unref();
  }
}
