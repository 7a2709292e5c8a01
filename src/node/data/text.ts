import { isUtf8 } from 'node:buffer';
import { utf8CharacterLength } from '../../core/tokenizer/utf8';
import { dataErrors } from './data-errors';

/** Text may have some broken characters; more than this share of its bytes, and it is no text. */
const tolerated = 0.1;

/** UTF-8 without byte order mark, lines ended by LF. Throws when the bytes are not text. */
export function normaliseText(bytes: Buffer, file: string): Buffer {
  checkIsText(bytes, file);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return withoutCarriageReturns(hasMark ? bytes.subarray(3) : bytes);
}

function checkIsText(bytes: Buffer, file: string): void {
  const zero = bytes.indexOf(0);
  if (zero >= 0) throw dataErrors.binary(file, zero, 'a NUL byte');
  if (isUtf8(bytes)) return;
  let first = -1;
  let invalid = 0;
  for (let at = 0; at < bytes.length;) {
    const length = utf8CharacterLength(bytes, at);
    if (length === 0) {
      invalid++;
      if (first < 0) first = at;
    }
    at += Math.max(1, length);
  }
  if (invalid > tolerated * bytes.length) throw dataErrors.binary(file, first, 'invalid UTF-8');
}

function withoutCarriageReturns(bytes: Buffer): Buffer {
  if (!bytes.includes('\r\n')) return bytes;
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  let start = 0;
  for (let at = bytes.indexOf('\r\n'); at >= 0; at = bytes.indexOf('\r\n', start)) {
    length += bytes.copy(out, length, start, at);
    start = at + 1;
  }
  length += bytes.copy(out, length, start);
  return out.subarray(0, length);
}
