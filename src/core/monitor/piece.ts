/** A piece of a line that looks the same throughout. */
export interface Piece {
  text: string;
  /** Names of looks, separated by spaces: classes of the style sheet. Empty for plain text. */
  look: string;
}

export function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('');
}

/** Offsets of a span's start and end in a text. */
export type Span = readonly [from: number, to: number];

/** The pieces with one more look within the spans, which are ascending and disjoint. */
export function marked(
  pieces: readonly Piece[],
  spans: readonly Span[],
  look: string,
): readonly Piece[] {
  if (spans.length === 0) return pieces;
  const result: Piece[] = [];
  let start = 0;
  let next = 0;
  for (const piece of pieces) {
    const end = start + piece.text.length;
    for (let at = start; at < end;) {
      while ((spans[next]?.[1] ?? Infinity) <= at) next++;
      const [from, to] = spans[next] ?? [end, end];
      const isInside = from <= at;
      const until = Math.min(end, isInside ? to : from);
      const text = piece.text.slice(at - start, until - start);
      result.push({ text, look: isInside ? joined(piece.look, look) : piece.look });
      at = until;
    }
    start = end;
  }
  return result;
}

function joined(first: string, second: string): string {
  return first === '' ? second : `${first} ${second}`;
}
