/**
 * How text is cut into pieces before merging. A piece is a run of one class of bytes, with the one
 * space before it; merges never cross from piece to piece.
 *
 * As a regular expression over bytes, first alternative wins:
 *
 *     ` ?L+| ?D+| ?O+|S+(?= [^S])|S+`
 *
 * L: A-Z a-z and bytes from 0x80 (so a UTF-8 character is never cut), D: 0-9, S: space \t \n \v
 * \f \r, O: everything else. The fourth alternative leaves the last space of a run of white space
 * to the word behind it. Classes are those of the text: a byte outside the alphabet counts too, and
 * its escape then cuts the piece in two.
 */
const space = 0;
const letter = 1;
const digit = 2;
const other = 3;

const spaceByte = 0x20;

/** [256] */
const classOfByte = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === spaceByte || (byte >= 0x09 && byte <= 0x0d)) return space;
  if (byte >= 0x30 && byte <= 0x39) return digit;
  if (byte >= 0x80 || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)) {
    return letter;
  }
  return other;
});

/** End of the piece that begins at `start`; needs start < bytes.length. One forward scan. */
export function pieceEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  if (leadsWord(bytes, at)) at++;
  const kind = classAt(bytes, at);
  do at++;
  while (
    at < bytes.length &&
    classAt(bytes, at) === kind &&
    !(kind === space && leadsWord(bytes, at))
  );
  return at;
}

/**
 * End of the word that begins at `start`, the spaces before it included: the pieces of SentencePiece
 * tokenizers.
 */
export function wordEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  while (bytes[end] === spaceByte) end++;
  while (end < bytes.length && bytes[end] !== spaceByte) end++;
  return end;
}

/** A space directly before something that is not white space belongs to what follows. */
function leadsWord(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === spaceByte && at + 1 < bytes.length && classAt(bytes, at + 1) !== space;
}

function classAt(bytes: Uint8Array, at: number): number {
  return classOfByte[bytes[at] ?? 0] ?? other;
}
