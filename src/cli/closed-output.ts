import { exitCodes, type ExitCode } from '../node/starmind-error';

/** Milliseconds in which a command may come to its end when nobody reads it any more. */
const patience = 5000;

/** Errors of a stream whose reader has gone: a pipe that was closed, a terminal that hung up. */
const gone = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

/**
 * Looks after standard output and standard error. When the reader of one has gone, as `head` does,
 * the command is asked to end, says nothing more and leaves without a complaint.
 */
export class ClosedOutput {
  /** Nobody reads what the command says. */
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
      // Such as a full disk behind `>`; of standard error nothing can be said anywhere.
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
