import { utf8 } from '../tokenizer/samples';

/** A piece of llama2.c's tokenizer: its text as bytes, its score. */
export interface Piece {
  bytes: Uint8Array;
  score: number;
}

/** Pieces behind the special ones and the bytes; the earlier a text piece, the higher its score. */
const texts = (
  ' t|he| a| the|ed|aa|aaa|aba|ab|ba| to|. |.\u201d| \u201c| x|  |in|ing|' +
  [...' etaoinshrdlucmfwypgbk,.!T'].join('|') +
  '|\u201c|\u201d|\u00e9'
).split('|');

export function tinyVocabulary(): Piece[] {
  const special = ['<unk>', '\n<s>\n', '\n</s>\n'];
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  return [
    ...[...special, ...bytes].map((text) => ({ bytes: utf8(text), score: 0 })),
    ...texts.filter((text) => text !== '. ').map((text, i) => ({ bytes: utf8(text), score: -i })),
  ];
}

/** The pieces as tokenizer.bin. */
export function tokenizerBin(pieces: readonly Piece[]): Buffer {
  const head = Buffer.alloc(4);
  head.writeInt32LE(Math.max(...pieces.map(({ bytes }) => bytes.length)));
  const entries = pieces.flatMap(({ bytes, score }) => {
    const entry = Buffer.alloc(8);
    entry.writeFloatLE(score);
    entry.writeInt32LE(bytes.length, 4);
    return [entry, Buffer.from(bytes)];
  });
  return Buffer.concat([head, ...entries]);
}

/**
 * How llama2.c encodes a text, in its own words: a space first, characters by the vocabulary or as
 * bytes, then the neighbours whose union scores highest, leftmost first, until none is a piece.
 */
export function encodeAsLlama2c(pieces: readonly Piece[], text: Uint8Array): number[] {
  if (text.length === 0) return [];
  const key = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
  const ids = new Map<string, number>();
  pieces.forEach(({ bytes }, id) => {
    if (!ids.has(key(bytes))) ids.set(key(bytes), id);
  });
  const tokens = [ids.get(' ') ?? 0];
  for (let at = 0; at < text.length;) {
    let end = at + 1;
    while (end < text.length && end - at < 4 && ((text[end] ?? 0) & 0xc0) === 0x80) end++;
    const id = ids.get(key(text.subarray(at, end)));
    if (id !== undefined) tokens.push(id);
    else tokens.push(...[...text.subarray(at, end)].map((byte) => byte + 3));
    at = end;
  }
  for (;;) {
    let best = { score: -1e10, id: -1, at: -1 };
    for (let at = 0; at + 1 < tokens.length; at++) {
      const [left, right] = [pieces[tokens[at]!]!, pieces[tokens[at + 1]!]!];
      const id = ids.get(key(left.bytes) + key(right.bytes));
      const score = id === undefined ? -Infinity : pieces[id]!.score;
      if (id !== undefined && score > best.score) best = { score, id, at };
    }
    if (best.at < 0) return tokens;
    tokens.splice(best.at, 2, best.id);
  }
}
