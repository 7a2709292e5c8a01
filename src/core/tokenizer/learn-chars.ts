import type { Turns } from '../turns';
import { addMerge, noToken, pairKey, type TokenizerModel } from './model';
import { utf8CharacterLength } from './utf8';

/**
 * Adds merges that build whole UTF-8 characters, the most frequent first, for as long as a whole
 * character fits below `vocabSize`. Characters with a common beginning share its merges. Such
 * merges never extend beyond a character, so the piece rule does not change their effect.
 */
export function* learnCharacters(
  model: TokenizerModel,
  documents: Iterable<Uint8Array>,
  vocabSize: number,
): Turns<void> {
  const merged = new Map<number, number>();
  for (const character of yield* charactersByFrequency(documents)) {
    const tokens = character.map((byte) => model.byteToken[byte] ?? noToken);
    if (tokens.includes(noToken)) continue;
    const missing = missingMerges(merged, tokens);
    if (model.tokens.length + missing > vocabSize) continue;
    tokens.reduce((left, right) => {
      const key = pairKey(left, right);
      const id = merged.get(key) ?? addMerge(model, left, right);
      merged.set(key, id);
      return id;
    });
  }
}

function missingMerges(merged: ReadonlyMap<number, number>, tokens: readonly number[]): number {
  let left = tokens[0] ?? noToken;
  for (const [at, right] of tokens.entries()) {
    if (at === 0) continue;
    const id = merged.get(pairKey(left, right));
    if (id === undefined) return tokens.length - at;
    left = id;
  }
  return 0;
}

/** Bytes that are read between two turns: some milliseconds. */
const bytesPerTurn = 1 << 16;

/** Counts the multi-byte characters of a part of a text; returns where the next part begins. */
function countCharacters(counts: Map<number, number>, text: Uint8Array, start: number): number {
  let at = start;
  for (const end = Math.min(text.length, start + bytesPerTurn); at < end;) {
    const length = utf8CharacterLength(text, at);
    if (length > 1) {
      let key = 0;
      for (let i = 0; i < length; i++) key = key * 256 + (text[at + i] as number);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    at += Math.max(1, length);
  }
  return at;
}

/** Bytes of every multi-byte character; on a tie the lower code point first. */
function* charactersByFrequency(documents: Iterable<Uint8Array>): Turns<number[][]> {
  // A character's bytes as one big-endian number: it orders like its code point.
  const counts = new Map<number, number>();
  for (const document of documents) {
    for (let at = 0; at < document.length; at = countCharacters(counts, document, at)) yield;
  }
  return [...counts]
    .sort(([keyA, a], [keyB, b]) => b - a || keyA - keyB)
    .map(([key]) => [key >>> 24, (key >>> 16) & 255, (key >>> 8) & 255, key & 255].filter(Boolean));
}
