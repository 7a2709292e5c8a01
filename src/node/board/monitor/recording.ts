import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { asRecord } from '../../../core/tokenizer/json';
import { exitCodes, StarmindError } from '../../errors';

/** Something of a recorded session: bytes that went one way, or what happened to the connection. */
export type RecordedEvent = { /** Milliseconds since 1970. */ at: number } & (
  { kind: 'received' | 'sent'; bytes: Uint8Array } | { kind: 'note'; text: string }
);

/** First line of every recording. */
const header = { recording: 'starmind-serial', version: 1 } as const;

/**
 * Writes a session to a file as it goes, a JSON object a line: whatever the view can show, every
 * byte is here.
 */
export class Recorder {
  private stream: WriteStream | undefined;
  private failure: Error | undefined;

  constructor(
    readonly path: string,
    /** Called once when the file can no longer be written, for example on a full disk. */
    private readonly onFailure: (error: Error) => void,
  ) {}

  async open(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const stream = createWriteStream(this.path);
    stream.on('error', (error) => {
      if (this.failure) return;
      this.failure = error;
      this.onFailure(error);
    });
    this.stream = stream;
    this.line(header);
  }

  write(event: RecordedEvent): void {
    if (event.kind === 'note') return this.line(event);
    const { at, kind, bytes } = event;
    this.line({ at, kind, bytes: Buffer.from(bytes).toString('base64') });
  }

  /** Waits until everything is on the disk. */
  async flush(): Promise<void> {
    const { stream } = this;
    if (!stream || this.failure) return;
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }

  async close(): Promise<void> {
    const { stream } = this;
    if (!stream || this.failure) return;
    await new Promise<void>((resolve) => stream.end(() => resolve()));
  }

  private line(value: object): void {
    if (!this.failure) this.stream?.write(`${JSON.stringify(value)}\n`);
  }
}

/**
 * The events of a recording, in their order.
 *
 * @throws StarmindError `recording.foreign`, `recording.damaged`, `recording.unreadable`
 */
export async function* readRecording(path: string): AsyncGenerator<RecordedEvent> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      if (number === 1) requireHeader(path, line);
      else if (line !== '') yield eventOf(path, number, line);
    }
  } catch (error) {
    if (error instanceof StarmindError) throw error;
    throw recordingError(path, 'unreadable', `cannot be read: ${(error as Error).message}`);
  }
  if (number === 0) throw recordingError(path, 'foreign', 'is empty');
}

function requireHeader(path: string, line: string): void {
  const found = asRecord(parse(line));
  if (found?.recording === header.recording && found.version === header.version) return;
  throw recordingError(path, 'foreign', 'is no recorded session of this version');
}

function eventOf(path: string, number: number, line: string): RecordedEvent {
  const { at, kind, bytes, text } = asRecord(parse(line)) ?? {};
  if (typeof at === 'number') {
    if (kind === 'note' && typeof text === 'string') return { at, kind, text };
    if ((kind === 'received' || kind === 'sent') && typeof bytes === 'string') {
      return { at, kind, bytes: Buffer.from(bytes, 'base64') };
    }
  }
  throw recordingError(path, 'damaged', `is damaged in line ${number}`);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function recordingError(path: string, code: string, what: string): StarmindError {
  return new StarmindError(
    `recording.${code}`,
    exitCodes.input,
    `${path} ${what}.`,
    'Choose a session that the monitor has saved as .jsonl.',
  );
}
