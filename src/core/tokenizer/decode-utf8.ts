import { utf8CharacterLength } from './utf8';

/** Code units to convert into a string at once. */
const unitsAtOnce = 4096;
const units = new Uint16Array(unitsAtOnce);

const replacement = 0xfffd;

/** Text of bytes; each that belongs to no well-formed character becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) {
      units[count++] = byte;
      at++;
    } else {
      const length = utf8CharacterLength(bytes, at);
      const point = length === 0 ? replacement : codePoint(bytes, at, length);
      if (point >= 0x10000) units[count++] = 0xd7c0 + (point >> 10);
      units[count++] = point < 0x10000 ? point : 0xdc00 | (point & 0x3ff);
      at += Math.max(1, length);
    }
    // Room for a character of two units.
    if (count < unitsAtOnce - 1) continue;
    text += textOf(count);
    count = 0;
  }
  return text + textOf(count);
}

/** Text of the first `count` code units. */
function textOf(count: number): string {
  return String.fromCharCode.apply(null, units.subarray(0, count) as unknown as number[]);
}

/** Code point of the well-formed character of `length` bytes, two at least, at `at`. */
function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let point = (bytes[at] ?? 0) & (0x7f >> length);
  for (let i = 1; i < length; i++) point = (point << 6) | ((bytes[at + i] ?? 0) & 0x3f);
  return point;
}
