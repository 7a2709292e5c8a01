import { guessUtf16 } from '../../core/corpus/text-problem';

/** Bytes that are decoded at a time: a string of a whole corpus may be longer than any can be. */
const chunkBytes = 1 << 20;

/** Labels that are not names of the encoding standard. */
const labels: Readonly<Record<string, string>> = { 'latin-1': 'windows-1252' };

/** The encoding of a file by its byte order mark, else the configured one. */
export function encodingOf(bytes: Uint8Array, said: string): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  const isMarked = (bytes[0] === 0xff || bytes[0] === 0xfe) && said.startsWith('utf-16');
  return (isMarked && guessUtf16(bytes)) || said;
}

/** Text in any encoding as UTF-8, or the place of the first byte that the encoding does not have. */
export function decodeText(
  bytes: Buffer,
  encoding: string,
  isCut: boolean,
): { text: Buffer } | { invalidAt: number } {
  // Streaming also avoids a fast path of Node.js that mistakes windows-1252 for Latin-1.
  const decoder = new TextDecoder(labels[encoding] ?? encoding, { fatal: true });
  const parts: Buffer[] = [];
  let at = 0;
  try {
    for (; at < bytes.length; at += chunkBytes) {
      const chunk = bytes.subarray(at, at + chunkBytes);
      parts.push(Buffer.from(decoder.decode(chunk, { stream: true })));
    }
    // A character that a limit on the bytes has cut in two is no fault of the file.
    if (!isCut) parts.push(Buffer.from(decoder.decode()));
  } catch {
    return { invalidAt: invalidByte(bytes, decoder.encoding, Math.min(at, bytes.length)) };
  }
  return { text: Buffer.concat(parts) };
}

/** @param valid bytes that can be decoded */
function invalidByte(bytes: Buffer, encoding: string, valid: number): number {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let at = 0; at < valid; at += chunkBytes) {
    decoder.decode(bytes.subarray(at, Math.min(valid, at + chunkBytes)), { stream: true });
  }
  try {
    for (let at = valid; at < bytes.length; at++) {
      valid = at;
      decoder.decode(bytes.subarray(at, at + 1), { stream: true });
    }
    return Math.max(0, bytes.length - 1);
  } catch {
    return valid;
  }
}
