import type { Problem } from '../problem';
import { bytesKey, characterLength } from './characters';
import { noToken, type AddedToken, type Merge, type TokenizerModel } from './model';

/** A piece of a SentencePiece vocabulary; its place is its id. */
export type SentencePiece =
  | { kind: 'special'; name: string }
  /** Spells a byte that no other piece has. */
  | { kind: 'byte'; byte: number }
  /** Of two neighbouring pieces, those whose union scores highest are joined first. */
  | { kind: 'text'; bytes: Uint8Array; score: number };

/** The tokens of a vocabulary and those of single bytes; merges are the caller's to add. */
export function pieceModel(pieces: readonly SentencePiece[], eosId: number): TokenizerModel {
  const byteToken = new Uint16Array(256).fill(noToken);
  const added: AddedToken[] = [];
  const tokens = pieces.map((piece, id) => {
    switch (piece.kind) {
      case 'special':
        added.push({ id, content: piece.name, special: true });
        return new Uint8Array(0);
      case 'byte':
        if (byteToken[piece.byte] === noToken) byteToken[piece.byte] = id;
        return Uint8Array.of(piece.byte);
      case 'text':
        return piece.bytes;
    }
  });
  pieces.forEach((piece, id) => {
    if (piece.kind === 'text' && piece.bytes.length === 1) byteToken[piece.bytes[0] ?? 0] = id;
  });
  return {
    ...{ type: 'sentencepiece' as const, tokens, added, byteToken, merges: [], eosId },
    ...{ escapeId: -1, nibbleBase: -1 },
  };
}

/**
 * The merges that join pieces in the order of their scores. Each way to make a piece of two others
 * is one; those of a piece stand one after another, and so have one rank.
 */
export function mergesByScore(pieces: readonly SentencePiece[]): Merge[] {
  const idOf = new Map<string, number>();
  pieces.forEach((piece, id) => {
    const key = piece.kind === 'text' ? bytesKey(piece.bytes) : undefined;
    if (key !== undefined && !idOf.has(key)) idOf.set(key, id);
  });
  return pieces
    .flatMap((piece, id) => (piece.kind === 'text' ? [{ ...piece, id }] : []))
    .filter(({ bytes, id }) => idOf.get(bytesKey(bytes)) === id && !isCharacter(bytes))
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .flatMap(({ bytes, id }) => {
      const merges: Merge[] = [];
      for (let cut = 1; cut < bytes.length; cut++) {
        const left = idOf.get(bytesKey(bytes.subarray(0, cut)));
        const right = idOf.get(bytesKey(bytes.subarray(cut)));
        if (left !== undefined && right !== undefined) merges.push({ left, right, id });
      }
      return merges;
    });
}

/** Warnings where encoding differs from SentencePiece's: the first piece of each kind is named. */
export function pieceWarnings(
  pieces: readonly SentencePiece[],
  merges: readonly Merge[],
): Problem[] {
  const problems: Problem[] = [];
  const joined = [...new Set(merges.map(({ id }) => id))];
  const across = joined.find((id) => hasInnerSpace(pieces[id]));
  if (across !== undefined) {
    problems.push(
      warning(
        'inner-space',
        `The token ${shown(pieces[across])} has a space behind other characters; words are encoded one by one here, so no text becomes it.`,
      ),
    );
  }
  const equal = joined.find(
    (id, index) => index > 0 && scoreOf(pieces[id]) === scoreOf(pieces[joined[index - 1] ?? 0]),
  );
  if (equal !== undefined) {
    problems.push(
      warning(
        'equal-scores',
        `The token ${shown(pieces[equal])} has the score of another one; the one with the lower id is preferred, so a text in which both meet may get other tokens.`,
      ),
    );
  }
  return problems;
}

function warning(code: string, message: string): Problem {
  return {
    ...{ code: `tokenizer.${code}`, severity: 'warning', path: 'tokenizer.path', message },
    fix: 'Compare the text that the model speaks with that of the original program.',
  };
}

function isCharacter(bytes: Uint8Array): boolean {
  return characterLength(bytes, 0, bytes.length) === bytes.length;
}

function hasInnerSpace(piece: SentencePiece | undefined): boolean {
  if (piece?.kind !== 'text') return false;
  const word = piece.bytes.findIndex((byte) => byte !== 0x20);
  return word >= 0 && piece.bytes.indexOf(0x20, word) >= 0;
}

function scoreOf(piece: SentencePiece | undefined): number {
  return piece?.kind === 'text' ? piece.score : NaN;
}

function shown(piece: SentencePiece | undefined): string {
  return piece?.kind === 'text' ? JSON.stringify(bytesKey(piece.bytes)) : '';
}
