import { decodeUtf8 } from '../tokenizer/decode-utf8';

/** Output of a device: JSON records, and text that its program prints beside them. */
export type WireItem =
  /** `text`: as received. */
  { kind: 'record'; value: unknown; text: string } | { kind: 'text'; text: string };

const recordSeparator = 0x1e;
const lineFeed = 0x0a;

/**
 * Longest record in bytes. A device that never ends one, or a port at the wrong speed, must not
 * fill the memory of the host.
 */
export const recordLimit = 65536;

/** Most bytes of a character. */
const characterLimit = 4;

/**
 * Splits a byte stream into records (RS, JSON, LF: application/json-seq) and other text. Pieces may
 * be split anywhere. No byte is lost: a record that is malformed, too long or interrupted by
 * another becomes text. Each byte is read once, however the stream is split.
 */
export class RecordSplitter {
  /** The beginning of a record whose end is still on the way, without its separator. */
  private readonly record = new Pending(recordLimit);
  /** The beginning of a character of text. */
  private readonly character = new Pending(characterLimit);
  private inRecord = false;

  /** Accepts the next bytes and returns the items that they complete. */
  push(bytes: Uint8Array): WireItem[] {
    const items: WireItem[] = [];
    for (let at = 0; at < bytes.length;) {
      at = this.inRecord ? this.takeRecord(bytes, at, items) : this.takeText(bytes, at, items);
    }
    return items;
  }

  /** Ends the stream and returns the rest of it. */
  finish(): WireItem[] {
    const items: WireItem[] = [];
    emitText(items, this.inRecord ? this.record.take() : this.character.take());
    this.inRecord = false;
    return items;
  }

  /** Reads text up to the next record. Returns the offset behind it. */
  private takeText(bytes: Uint8Array, from: number, items: WireItem[]): number {
    const separator = bytes.indexOf(recordSeparator, from);
    const end = separator < 0 ? bytes.length : separator;
    const text = this.character.takeWith(bytes.subarray(from, end));
    // Emit text at once, apart from a character whose last bytes are still on the way.
    const whole = separator < 0 ? wholeCharacters(text) : text.length;
    emitText(items, text.subarray(0, whole));
    this.character.add(text.subarray(whole));
    this.inRecord = separator >= 0;
    return this.inRecord ? end + 1 : end;
  }

  /** Reads a record, or text that resembled one. Returns the offset behind it. */
  private takeRecord(bytes: Uint8Array, from: number, items: WireItem[]): number {
    // A separator in noise is followed by text, which has no end to wait for.
    if (this.record.isEmpty && !mayBeJson(bytes, from)) {
      this.inRecord = false;
      return from;
    }
    const most = Math.min(bytes.length, from + this.record.room);
    let end = from;
    while (end < most && bytes[end] !== lineFeed && bytes[end] !== recordSeparator) end++;
    if (end < most && bytes[end] === lineFeed) {
      emitRecord(items, this.record.takeWith(bytes.subarray(from, end + 1)));
      this.inRecord = false;
      return end + 1;
    }
    if (end < bytes.length && bytes[end] === recordSeparator) {
      emitText(items, this.record.takeWith(bytes.subarray(from, end)));
      return end + 1;
    }
    this.record.add(bytes.subarray(from, end));
    if (this.record.room === 0) {
      emitText(items, this.record.take());
      this.inRecord = false;
    }
    return end;
  }
}

const nothing = new Uint8Array(0);

/** Bytes that wait for more, up to a limit. */
class Pending {
  private readonly bytes: Uint8Array;
  private length = 0;

  constructor(limit: number) {
    this.bytes = new Uint8Array(limit);
  }

  /** Bytes that can still be added. */
  get room(): number {
    return this.bytes.length - this.length;
  }

  get isEmpty(): boolean {
    return this.length === 0;
  }

  add(more: Uint8Array): void {
    this.bytes.set(more, this.length);
    this.length += more.length;
  }

  take(): Uint8Array {
    return this.takeWith(nothing);
  }

  /** The pending bytes followed by `more`; empties the buffer. */
  takeWith(more: Uint8Array): Uint8Array {
    const { length } = this;
    if (length === 0) return more;
    const all = new Uint8Array(length + more.length);
    all.set(this.bytes.subarray(0, length));
    all.set(more, length);
    this.length = 0;
    return all;
  }
}

function emitRecord(items: WireItem[], bytes: Uint8Array): void {
  const text = decodeUtf8(bytes);
  const value = parseJson(text);
  if (value === undefined) emitText(items, bytes);
  else items.push({ kind: 'record', value, text: text.trimEnd() });
}

/** First bytes of a JSON text. */
const jsonStarts = new Set([...' \t\r{["-0123456789tfn'].map((start) => start.charCodeAt(0)));

/** Rejects most noise early: each failed parse costs an exception. */
function mayBeJson(bytes: Uint8Array, at: number): boolean {
  return jsonStarts.has(bytes[at] ?? 0);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Neighbouring texts of one call become one item. */
function emitText(items: WireItem[], bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  const text = decodeUtf8(bytes);
  const last = items.at(-1);
  if (last?.kind === 'text') last.text += text;
  else items.push({ kind: 'text', text });
}

/** Bytes of `bytes` before a character that may yet be completed at its end. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
