import type { Problem } from '../problem';
import { quotedForShell } from '../shell';
import { grouped } from '../text';
import { findInvalidUtf8, type InvalidUtf8 } from './utf8';

/** Highest share of invalid bytes in a text that is used, with a warning. */
const tolerated = 1 / 10_000;

/** Bytes of a text to examine for its encoding. */
const lookedAt = 1 << 16;

/** A file of text, for messages about it. */
export interface TextFile {
  /** Its name. */
  file: string;
  /** Its absolute path, for commands about it. */
  place: string;
  /** Field of model.json that names it. */
  path: string;
}

/** Why the bytes of a file are not UTF-8, or a warning about the few that are not. */
export function utf8Problem(bytes: Uint8Array, text: TextFile): Problem | undefined {
  const { file, path } = text;
  const utf16 = guessUtf16(bytes);
  if (utf16 !== undefined) return inUtf16(file, utf16, path);
  const zero = bytes.indexOf(0);
  if (zero >= 0) return binary(file, zero, path);
  const invalid = findInvalidUtf8(bytes);
  return invalid && notUtf8(text, invalid);
}

/** A warning about a file that is UTF-8, as its bytes show, though `encoding` says otherwise. */
export function unexpectedUtf8(
  bytes: Uint8Array,
  encoding: string,
  { file, path }: TextFile,
): Problem | undefined {
  if (!isUtf8Instead(bytes, encoding)) return undefined;
  return {
    code: 'data.encoding',
    severity: 'warning',
    path,
    message: `${file} is valid UTF-8, but is read as ${encoding}, as data.encoding says.`,
    fix: 'Remove data.encoding if the text is UTF-8: its letters beyond ASCII would be learnt as others.',
    fixes: [
      {
        title: 'Remove data.encoding',
        changes: [{ path: ['data', 'encoding'], remove: true }],
      },
    ],
  };
}

/**
 * Whether bytes are UTF-8 although `encoding` is another: characters of several bytes are hardly
 * ever valid by chance, and UTF-16 has zeros in its spaces and line ends.
 */
export function isUtf8Instead(bytes: Uint8Array, encoding: string): boolean {
  if (encoding === 'utf-8' || bytes.length === 0 || bytes.includes(0)) return false;
  const isTelling = encoding.startsWith('utf-16') || bytes.some((byte) => byte >= 0x80);
  return isTelling && findInvalidUtf8(bytes) === undefined;
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

function notUtf8({ file, place, path }: TextFile, invalid: InvalidUtf8): Problem {
  const { offset, line, byte, count, share, isMixed } = invalid;
  const isTaken = share <= tolerated;
  const shown = `byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')} at offset ${grouped(offset)} (line ${grouped(line)})`;
  const amount = `${grouped(count)} ${count === 1 ? 'byte' : 'bytes'}, ${percent(share)} of the file, ${count === 1 ? 'is' : 'are'} no UTF-8`;
  const learnt = count === 1 ? ' It is learnt as it is.' : ' They are learnt as they are.';
  const consequence = isTaken ? learnt : '';
  return {
    code: 'data.encoding',
    severity: isTaken ? 'warning' : 'error',
    path,
    message: `${file} is not all UTF-8: ${shown}. ${amount}.${consequence}`,
    ...(isMixed ? mixedRemedy(place) : wholeRemedy(share)),
  };
}

function mixedRemedy(place: string): Pick<Problem, 'fix'> {
  const [from, to] = [place, `${place}.utf-8.txt`].map((word) => quotedForShell(word, 'posix'));
  return {
    fix: `Most of it is UTF-8: mend the broken bytes, or name a copy without them, made by: iconv -c -f UTF-8 -t UTF-8 ${from} > ${to}`,
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
