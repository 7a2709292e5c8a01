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

/**
 * Splits a byte stream into records (RS, JSON, LF: application/json-seq) and other text. Pieces
 * may be cut anywhere. Nothing is lost: a record that is malformed, too long or interrupted by
 * another comes out as text.
 */
export class RecordSplitter {
  private pending: number[] = [];
  private inRecord = false;

  /** Takes the next bytes and returns what they complete. */
  push(bytes: Uint8Array): WireItem[] {
    const items: WireItem[] = [];
    for (const byte of bytes) {
      if (byte === recordSeparator) {
        this.endAsText(items);
        this.inRecord = true;
      } else {
        this.pending.push(byte);
        if (this.inRecord && byte === lineFeed) this.endRecord(items);
        else if (this.pending.length >= recordLimit) this.endAsText(items);
      }
    }
    // Text is shown as it comes, apart from a character whose last bytes are still on the way.
    if (!this.inRecord) this.emitText(items, this.pending.splice(0, wholeCharacters(this.pending)));
    return items;
  }

  /** The stream has ended; returns what is left of it. */
  finish(): WireItem[] {
    const items: WireItem[] = [];
    this.endAsText(items);
    return items;
  }

  private endRecord(items: WireItem[]): void {
    try {
      items.push({ kind: 'record', value: JSON.parse(decodeUtf8(this.pending)) as unknown });
      this.pending = [];
      this.inRecord = false;
    } catch {
      this.endAsText(items);
    }
  }

  private endAsText(items: WireItem[]): void {
    this.emitText(items, this.pending);
    this.pending = [];
    this.inRecord = false;
  }

  /** Neighbouring texts of one call become one item. */
  private emitText(items: WireItem[], bytes: readonly number[]): void {
    if (bytes.length === 0) return;
    const text = decodeUtf8(bytes);
    const last = items.at(-1);
    if (last?.kind === 'text') last.text += text;
    else items.push({ kind: 'text', text });
  }
}

/** Bytes of `bytes` before a character that may yet be completed at its end. */
function wholeCharacters(bytes: readonly number[]): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Text of bytes; those that are not UTF-8 become U+FFFD. */
function decodeUtf8(source: readonly number[]): string {
  const bytes = Uint8Array.from(source);
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = utf8CharacterLength(bytes, at);
    text += length === 0 ? '\ufffd' : String.fromCodePoint(codePoint(bytes, at, length));
    at += Math.max(1, length);
  }
  return text;
}

/** Code point of the well-formed character of `length` bytes at `at`. */
function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let point = (bytes[at] ?? 0) & (length === 1 ? 0x7f : 0x7f >> length);
  for (let i = 1; i < length; i++) point = (point << 6) | ((bytes[at + i] ?? 0) & 0x3f);
  return point;
}
