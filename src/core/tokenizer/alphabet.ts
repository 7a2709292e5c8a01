import type { Turns } from '../turns';
import { nibbles } from './model';
import { sampleBlocks } from './sample';

/** Where too few bytes occur in the data: the commonest of English, ASCII all. */
const commonBytes = [...' etaoinshrdlucmf'].map((letter) => letter.charCodeAt(0));

/** [256] How often each byte occurs. */
export function* countBytes(documents: readonly Uint8Array[]): Turns<Float64Array> {
  const counts = new Float64Array(256);
  for (const block of sampleBlocks(documents, Infinity)) {
    for (let i = 0; i < block.length; i++) {
      const byte = block[i] as number;
      counts[byte] = (counts[byte] as number) + 1;
    }
    yield;
  }
  return counts;
}

/** The most frequent bytes, at most `limit` and at least sixteen; on a tie the lower byte. */
export function chooseAlphabet(counts: Float64Array, limit: number): Set<number> {
  const byFrequency = [...counts.keys()]
    .filter((byte) => (counts[byte] ?? 0) > 0)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  const alphabet = new Set(byFrequency.slice(0, Math.max(limit, nibbles)));
  for (const byte of commonBytes) if (alphabet.size < nibbles) alphabet.add(byte);
  return alphabet;
}
