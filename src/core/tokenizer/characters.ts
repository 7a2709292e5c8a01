import type { TokenizerModel } from './model';

/** A character takes one byte, and up to three that continue it, whether or not it is valid UTF-8. */
const longest = 4;

/** Bytes of the character that begins at `start` and ends at `limit` at the latest. */
export function characterLength(bytes: Uint8Array, start: number, limit: number): number {
  let end = start + 1;
  while (end < limit && end < start + longest && isContinuation(bytes[end])) end++;
  return end - start;
}

/** Characters of several bytes that are tokens, by `bytesKey`; the first of equal ones counts. */
export function characterTokens({ tokens }: TokenizerModel): Map<string, number> {
  const found = new Map<string, number>();
  tokens.forEach((bytes, id) => {
    if (bytes.length < 2 || characterLength(bytes, 0, bytes.length) !== bytes.length) return;
    const key = bytesKey(bytes);
    if (!found.has(key)) found.set(key, id);
  });
  return found;
}

/** The bytes as a text of as many characters. */
export function bytesKey(bytes: Uint8Array, start = 0, end = bytes.length): string {
  // Not by spreading the bytes: a foreign file may have a token of more than the stack holds.
  let key = '';
  for (let at = start; at < end; at++) key += String.fromCharCode(bytes[at] ?? 0);
  return key;
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}
