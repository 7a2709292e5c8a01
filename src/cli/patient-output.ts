import type { Writable } from 'node:stream';

/**
 * Writes to a stream that may be slow, such as a pipe, and holds the producer of the output back
 * until the stream accepts more: no output is lost, and little waits in memory.
 */
export class PatientOutput {
  private release: (() => void) | undefined;

  /** @param hold holds the producer back until its result is called */
  constructor(
    private readonly stream: Writable,
    private readonly hold: () => () => void,
  ) {
    stream.on('drain', this.letGo);
  }

  readonly write = (content: string | Uint8Array): void => {
    if (!this.stream.write(content)) this.release ??= this.hold();
  };

  /** Releases the stream. */
  end(): void {
    this.stream.off('drain', this.letGo);
    this.letGo();
  }

  private readonly letGo = (): void => {
    this.release?.();
    this.release = undefined;
  };
}
