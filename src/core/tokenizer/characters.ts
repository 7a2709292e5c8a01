import type { TokenizerModel } from './model';

/** A character takes one byte, and up to three that continue it, whether or not it is valid UTF-8. */
const longest = 4;

/** Bytes of the character that begins at `start` and ends at `limit` at the latest. */
export function characterLength(bytes: Uint8Array, start: number, limit: number): number {
  let end = start + 1;
  while (end < limit && end < start + longest && isContinuation(bytes[end])) end++;
  return end - start;
}

/** Characters of several bytes that are tokens, by `characterKey`; the first of equal ones counts. */
export function characterTokens({ tokens }: TokenizerModel): Map<string, number> {
  const found = new Map<string, number>();
  tokens.forEach((bytes, id) => {
    if (bytes.length < 2 || characterLength(bytes, 0, bytes.length) !== bytes.length) return;
    const key = characterKey(bytes, 0, bytes.length);
    if (!found.has(key)) found.set(key, id);
  });
  return found;
}

/** The bytes as a text of as many characters. */
export function characterKey(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}
