import { isUtf8 } from 'node:buffer';
import { unexpectedUtf8, utf8Problem, type TextFile } from '../../core/corpus/text-problem';
import { withoutCutCharacter } from '../../core/corpus/utf8';
import type { Problem } from '../../core/problem';
import { dataErrors } from './data-errors';
import { decodeText, encodingOf } from './decode-text';

export interface TextSource extends TextFile {
  encoding: string;
  /** Whether the file continues behind these bytes. */
  isCut?: boolean;
  onProblem?: ((problem: Problem) => void) | undefined;
}

/**
 * UTF-8 without byte order mark, lines ended by LF.
 *
 * @throws StarmindError `data.binary` or `data.encoding` when the bytes are not text
 */
export function normaliseText(bytes: Buffer, source: TextSource): Buffer {
  const encoding = encodingOf(bytes, source.encoding);
  const utf8 =
    encoding === 'utf-8' ? checkedUtf8(bytes, source) : converted(bytes, encoding, source);
  const hasMark = utf8[0] === 0xef && utf8[1] === 0xbb && utf8[2] === 0xbf;
  return withLineFeeds(hasMark ? utf8.subarray(3) : utf8);
}

function checkedUtf8(bytes: Buffer, source: TextSource): Buffer {
  const { isCut, onProblem } = source;
  const whole = isCut ? withoutCutCharacter(bytes) : bytes;
  if (isUtf8(whole) && !whole.includes(0)) return whole;
  const problem = utf8Problem(whole, source);
  if (problem?.severity === 'error') throw dataErrors.unusable(problem);
  if (problem) onProblem?.(problem);
  return whole;
}

function converted(bytes: Buffer, encoding: string, source: TextSource): Buffer {
  const { file, isCut = false, onProblem } = source;
  const decoded = decodeText(bytes, encoding, isCut);
  if ('invalidAt' in decoded) throw dataErrors.otherEncoding(file, encoding, decoded.invalidAt);
  const zero = decoded.text.indexOf(0);
  if (zero >= 0) throw dataErrors.binary(file, zero, encoding);
  const whole = isCut ? withoutCutCharacter(bytes) : bytes;
  const problem = unexpectedUtf8(whole, encoding, source);
  if (problem) onProblem?.(problem);
  return decoded.text;
}

/** CR LF becomes LF; CR does where the text has no other ends of lines. */
function withLineFeeds(bytes: Buffer): Buffer {
  if (!bytes.includes('\r')) return bytes;
  if (!bytes.includes('\n')) return bytes.map((byte) => (byte === 0x0d ? 0x0a : byte)) as Buffer;
  return withoutCarriageReturns(bytes);
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
