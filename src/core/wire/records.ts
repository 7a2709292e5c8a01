import { utf8CharacterLength } from '../tokenizer/utf8';

/** What a device sends: JSON records, and text that its program prints beside them. */
export type WireItem = { kind: 'record'; value: unknown } | { kind: 'text'; text: string };

const recordSeparator = 0x1e;
const lineFeed = 0x0a;

/**
 * Longest record in bytes. A device that never ends one, or a port at the wrong speed, must not
 * fill the memory of the host.
 */
export const recordLimit = 65536;

const nothing = new Uint8Array(0);

/**
 * Splits a byte stream into records (RS, JSON, LF: application/json-seq) and other text. Pieces
 * may be cut anywhere. Nothing is lost: a record that is malformed, too long or interrupted by
 * another comes out as text.
 */
export class RecordSplitter {
  /** The beginning of a record or of a character. */
  private pending: Uint8Array = nothing;
  private inRecord = false;

  /** Takes the next bytes and returns what they complete. */
  push(bytes: Uint8Array): WireItem[] {
    const items: WireItem[] = [];
    let rest = this.pending.length > 0 ? joined(this.pending, bytes) : bytes;
    this.pending = nothing;
    while (rest.length > 0)
      rest = this.inRecord ? this.record(rest, items) : this.text(rest, items);
    return items;
  }

  /** The stream has ended; returns what is left of it. */
  finish(): WireItem[] {
    const items: WireItem[] = [];
    emitText(items, this.pending);
    this.pending = nothing;
    this.inRecord = false;
    return items;
  }

  /** Takes text up to the next record. Returns what follows. */
  private text(bytes: Uint8Array, items: WireItem[]): Uint8Array {
    const end = bytes.indexOf(recordSeparator);
    if (end >= 0) {
      emitText(items, bytes.subarray(0, end));
      this.inRecord = true;
      return bytes.subarray(end + 1);
    }
    // Text is shown as it comes, apart from a character whose last bytes are still on the way.
    const whole = wholeCharacters(bytes);
    emitText(items, bytes.subarray(0, whole));
    this.pending = bytes.slice(whole);
    return nothing;
  }

  /** Takes a record, or what turns out to be none. Returns what follows. */
  private record(bytes: Uint8Array, items: WireItem[]): Uint8Array {
    const interrupted = bytes.indexOf(recordSeparator);
    const ended = bytes.indexOf(lineFeed);
    const limit = interrupted >= 0 ? interrupted : bytes.length;
    if (ended >= 0 && ended < Math.min(limit, recordLimit)) {
      emitRecord(items, bytes.subarray(0, ended + 1));
      this.inRecord = false;
      return bytes.subarray(ended + 1);
    }
    if (limit >= recordLimit) {
      emitText(items, bytes.subarray(0, recordLimit));
      this.inRecord = false;
      return bytes.subarray(recordLimit);
    }
    if (interrupted >= 0) {
      emitText(items, bytes.subarray(0, interrupted));
      return bytes.subarray(interrupted + 1);
    }
    this.pending = bytes.slice();
    return nothing;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function emitRecord(items: WireItem[], bytes: Uint8Array): void {
  try {
    items.push({ kind: 'record', value: JSON.parse(decodeUtf8(bytes)) as unknown });
  } catch {
    emitText(items, bytes);
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

/** Code units that fit the arguments of one call. */
const charactersAtOnce = 4096;

/** Text of bytes; those that are not UTF-8 become U+FFFD. */
function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let points: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = utf8CharacterLength(bytes, at);
    points.push(length === 0 ? 0xfffd : codePoint(bytes, at, length));
    at += Math.max(1, length);
    if (points.length < charactersAtOnce) continue;
    text += String.fromCodePoint(...points);
    points = [];
  }
  return text + String.fromCodePoint(...points);
}

/** Code point of the well-formed character of `length` bytes at `at`. */
function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let point = (bytes[at] ?? 0) & (length === 1 ? 0x7f : 0x7f >> length);
  for (let i = 1; i < length; i++) point = (point << 6) | ((bytes[at + i] ?? 0) & 0x3f);
  return point;
}
