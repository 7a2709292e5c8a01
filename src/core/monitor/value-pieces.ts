import type { Piece } from './piece';

/** Names, strings, numbers and words of JSON; prose contains much the same. */
const value =
  /("(?:[^"\\]|\\.)*")(\s*:)?|(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)|\b(?:true|false|null)\b/g;

/** A text with the values in it marked. */
export function valuePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  const put = (part: string, look: string) => {
    if (part !== '') pieces.push({ text: part, look });
  };
  let at = 0;
  for (const match of text.matchAll(value)) {
    const [whole, string, colon = ''] = match;
    put(text.slice(at, match.index), '');
    if (string === undefined) put(whole, /^[a-z]/.test(whole) ? 'word' : 'number');
    else put(string, colon === '' ? 'string' : 'name');
    put(colon, '');
    at = match.index + whole.length;
  }
  put(text.slice(at), '');
  return pieces;
}
