import type { Problem } from '../problem';
import { grouped } from '../text';
import { findInvalidUtf8, type InvalidUtf8 } from './utf8';

/** Highest share of invalid bytes in a text that is used, with a warning. */
const tolerated = 1 / 10_000;

/** Bytes of a text to examine for its encoding. */
const lookedAt = 1 << 16;

/**
 * Why the bytes of a file are not UTF-8, or a warning about the few that are not.
 *
 * @param file its name
 * @param path of the field in model.json that names it
 */
export function utf8Problem(bytes: Uint8Array, file: string, path: string): Problem | undefined {
  const utf16 = guessUtf16(bytes);
  if (utf16 !== undefined) return inUtf16(file, utf16, path);
  const zero = bytes.indexOf(0);
  if (zero >= 0) return binary(file, zero, path);
  const invalid = findInvalidUtf8(bytes);
  return invalid && notUtf8(file, invalid, path);
}

/** The byte order of UTF-16, by its mark or by the zeros that most of its letters have. */
export function guessUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  const length = Math.min(bytes.length, lookedAt);
  for (let at = 0; at < length; at++) if (bytes[at] === 0) zeros[at & 1]!++;
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) < length / 8 || Math.min(even, odd) > length / 64) return undefined;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

function inUtf16(file: string, encoding: string, path: string): Problem {
  return {
    code: 'data.encoding',
    severity: 'error',
    path,
    message: `${file} is UTF-16, not UTF-8.`,
    fix: `Set data.encoding to "${encoding}", or save the file as UTF-8.`,
    fixes: [encodingFix(encoding)],
  };
}

function binary(file: string, offset: number, path: string): Problem {
  return {
    code: 'data.binary',
    severity: 'error',
    path,
    message: `${file} is not text: a NUL byte at byte ${grouped(offset)}.`,
    fix: 'Choose plain text in UTF-8; save documents as such first.',
  };
}

function notUtf8(file: string, invalid: InvalidUtf8, path: string): Problem {
  const { offset, line, byte, count, share, isMixed } = invalid;
  const isTaken = share <= tolerated;
  const shown = `byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')} at offset ${grouped(offset)} (line ${grouped(line)})`;
  const amount = `${grouped(count)} ${count === 1 ? 'byte' : 'bytes'}, ${percent(share)} of the file, ${count === 1 ? 'is' : 'are'} no UTF-8`;
  const consequence = isTaken ? ' They are learnt as they are.' : '';
  return {
    code: 'data.encoding',
    severity: isTaken ? 'warning' : 'error',
    path,
    message: `${file} is not all UTF-8: ${shown}. ${amount}.${consequence}`,
    ...(isMixed ? mixedRemedy(file) : wholeRemedy(share)),
  };
}

function mixedRemedy(file: string): Pick<Problem, 'fix'> {
  return {
    fix: `Most of it is UTF-8: mend the broken bytes, or drop them with: iconv -c -f UTF-8 -t UTF-8 ${file}`,
  };
}

/**
 * A text without any UTF-8 character has another encoding: with few letters beyond ASCII, or mostly
 * such letters.
 */
function wholeRemedy(share: number): Pick<Problem, 'fix' | 'fixes'> {
  if (share > 0.3) {
    return {
      fix: 'Set data.encoding to what it is, such as "windows-1251", "gbk" or "shift_jis", or save it as UTF-8.',
    };
  }
  return {
    fix: 'Set data.encoding to what it is ("windows-1252" for Western European text, also called Latin-1), or save it as UTF-8.',
    fixes: [encodingFix('windows-1252')],
  };
}

function encodingFix(encoding: string) {
  return {
    title: `Set data.encoding to ${encoding}`,
    changes: [{ path: ['data', 'encoding'], value: encoding }],
  };
}

/** Keep two significant digits of small shares. */
function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
