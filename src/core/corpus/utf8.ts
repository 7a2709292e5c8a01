import { utf8CharacterLength } from '../tokenizer/utf8';

/** The bytes of a text that are no UTF-8. */
export interface InvalidUtf8 {
  /** Offset of the first of them. */
  offset: number;
  /** Counted from 1. */
  line: number;
  byte: number;
  /** How many there are. */
  count: number;
  /** Their share of all bytes. */
  share: number;
  /** Whether there are characters of several bytes beside them. */
  isMixed: boolean;
}

const newline = 0x0a;

/** The invalid UTF-8 of a text; undefined when all of it is valid. */
export function findInvalidUtf8(bytes: Uint8Array): InvalidUtf8 | undefined {
  let offset = -1;
  let line = 1;
  let count = 0;
  let isMixed = false;
  for (let at = 0; at < bytes.length;) {
    const length = utf8CharacterLength(bytes, at);
    if (length > 1) isMixed = true;
    if (length === 0 && count++ === 0) offset = at;
    if (count === 0 && bytes[at] === newline) line++;
    at += Math.max(1, length);
  }
  if (count === 0) return undefined;
  return { offset, line, byte: bytes[offset] ?? 0, count, share: count / bytes.length, isMixed };
}

/** A text that was cut at any byte, without the character that the cut went through. */
export function withoutCutCharacter<T extends Uint8Array>(bytes: T): T {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return wanted > back ? (bytes.subarray(0, -back) as T) : bytes;
  }
  return bytes;
}
