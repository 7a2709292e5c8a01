import { open, type FileHandle } from 'node:fs/promises';
import { unwritable } from '../../files';
import type { StarmindError } from '../../starmind-error';
import { sessionTooLong } from '../board-errors';
import { Listeners, type Disposer, type Listener } from '../listeners';
import { formatEntry, sessionHeader, type SessionEntry } from './recorded-session';

/** Hold the board back once more than `most` bytes wait for the disk, until only `few` do. */
const most = 4 * 1024 * 1024;
const few = 512 * 1024;

/**
 * Writes a session to a file while it happens, without loss: it holds the board back when the disk
 * cannot keep up.
 */
export class SessionRecorder {
  private readonly failures = new Listeners<StarmindError>();
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private writtenBytes = 0;
  private writing: Promise<void> | undefined;
  private failure: StarmindError | undefined;
  private closed = false;
  private isFull = false;
  private release: Disposer | undefined;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    private readonly hold: () => Disposer,
    private readonly limit: number,
  ) {}

  /**
   * Creates a file, replacing one of this name.
   *
   * @param hold holds the board back until its result is called
   * @param limit bytes that the file may have at most
   * @throws StarmindError `disk.full` or `run.unwritable`
   */
  static async create(
    path: string,
    hold: () => Disposer = () => () => undefined,
    limit = Infinity,
  ): Promise<SessionRecorder> {
    try {
      const recorder = new SessionRecorder(path, await open(path, 'w'), hold, limit);
      recorder.write(sessionHeader);
      return recorder;
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  /** Bytes of the file so far, which end with a whole line. */
  get bytes(): number {
    return this.writtenBytes;
  }

  /**
   * Called once when the file cannot be written, or has reached its limit; the recorder writes
   * nothing from then on.
   */
  onFailed(listener: Listener<StarmindError>): Disposer {
    return this.failures.add(listener);
  }

  record(entry: SessionEntry): void {
    this.write(formatEntry(entry));
  }

  /**
   * Resolves when everything recorded so far is in the file.
   *
   * @throws StarmindError `disk.full` or `run.unwritable` when it is not
   */
  async flush(): Promise<void> {
    await this.writing;
    if (this.failure) throw this.failure;
  }

  /** Ends the file; the recorder writes nothing from then on. */
  async close(): Promise<void> {
    this.closed = true;
    await this.writing;
    await this.file.close();
  }

  private write(line: string): void {
    if (this.failure || this.closed || this.isFull) return;
    const bytes = Buffer.from(line);
    if (this.writtenBytes + this.waitingBytes + bytes.length > this.limit) {
      this.isFull = true;
      this.failures.emit(sessionTooLong(this.path, this.limit));
      return;
    }
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (this.waitingBytes > most) this.release ??= this.hold();
    this.writing ??= this.writeAll();
  }

  private async writeAll(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const bytes = Buffer.concat(this.waiting);
        this.waiting = [];
        // Not `write`, which may write only a part.
        await this.file.writeFile(bytes);
        this.writtenBytes += bytes.length;
        this.waitingBytes -= bytes.length;
        if (this.waitingBytes < few) this.letGo();
      }
    } catch (cause) {
      this.failure = unwritable(this.path, cause);
      this.waiting = [];
      this.letGo();
      this.failures.emit(this.failure);
    } finally {
      // Clear it at once: the next entry must not wait for a loop that has ended.
      this.writing = undefined;
    }
  }

  private letGo(): void {
    this.release?.();
    this.release = undefined;
  }
}
