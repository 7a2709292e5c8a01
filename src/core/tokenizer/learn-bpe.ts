import type { Turns } from '../turns';
import { Heap } from './heap';
import { addMerge, joinBytes, noToken, pairKey, tokenBytes, type TokenizerModel } from './model';
import { PieceTable } from './piece-table';
import { pieceEnd } from './pieces';
import { sampleBlocks } from './sample';

/** Text that merges are learnt from; more of it changes the merges hardly, and costs time. */
const learningBytes = 8 << 20;
/** Longer pieces (text without spaces) are learnt from in parts. */
const longestPiece = 64;
/** A pair that occurs once shows no pattern of the language. */
const minPairCount = 2;

/** Words, or pieces, to process between two turns: some milliseconds. */
const wordsPerTurn = 256;

export interface LearnOptions {
  onProgress?: (merges: number, ofMerges: number) => void;
}

/** A distinct run of tokens between escapes, and how often it occurs. */
interface Word {
  tokens: number[];
  count: number;
}

interface Candidate {
  key: number;
  count: number;
}

/**
 * Learns merges by the frequency of neighbouring tokens within pieces until the vocabulary is full
 * or no pair occurs twice; on a tie the pair of lower ids wins. It revisits only the words that
 * contain the merged pair.
 */
export function* learnMerges(
  model: TokenizerModel,
  documents: readonly Uint8Array[],
  vocabSize: number,
  options: LearnOptions = {},
): Turns<void> {
  const pairs = new PairCounts();
  yield* pairs.addAll(yield* collectWords(model, documents));
  const spellings = new Set(model.tokens.map(spelling));
  const wanted = vocabSize - model.tokens.length;
  while (model.tokens.length < vocabSize) {
    yield;
    const best = pairs.takeMostFrequent();
    if (best === undefined) break;
    const [left, right] = best;
    const bytes = spelling(joinBytes(tokenBytes(model, left), tokenBytes(model, right)));
    // Two ways to the same bytes would be two tokens of one spelling, which no file can hold.
    if (spellings.has(bytes)) continue;
    spellings.add(bytes);
    yield* pairs.merge(left, right, addMerge(model, left, right));
    options.onProgress?.(model.merges.length, wanted);
  }
}

function spelling(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function* collectWords(model: TokenizerModel, documents: readonly Uint8Array[]): Turns<Word[]> {
  const pieces = new PieceTable();
  const counts: number[] = [];
  for (const block of sampleBlocks(documents, learningBytes)) {
    countPieces(pieces, counts, block);
    yield;
  }
  const words: Word[] = [];
  for (const [piece, count] of counts.entries()) {
    for (const tokens of knownRuns(model, pieces.bytesOf(piece))) words.push({ tokens, count });
    if (piece % wordsPerTurn === 0) yield;
  }
  return words;
}

function countPieces(pieces: PieceTable, counts: number[], block: Uint8Array): void {
  for (let start = 0; start < block.length;) {
    const end = Math.min(pieceEnd(block, start), start + longestPiece);
    const piece = pieces.intern(block, start, end);
    counts[piece] = (counts[piece] ?? 0) + 1;
    start = end;
  }
}

/** Tokens of the runs of bytes that are in the alphabet. */
function knownRuns(model: TokenizerModel, piece: Uint8Array): number[][] {
  const runs: number[][] = [[]];
  for (const byte of piece) {
    const token = model.byteToken[byte] ?? noToken;
    if (token === noToken) runs.push([]);
    else runs.at(-1)?.push(token);
  }
  return runs.filter((run) => run.length > 1);
}

/** Counts each pair of neighbours, and records its words. */
class PairCounts {
  private readonly counts = new Map<number, number>();
  /** Words that contained the pair at some time. */
  private readonly wordsWith = new Map<number, Set<Word>>();
  /** Counts may have fallen since they were pushed; they only rise for pairs of a new token. */
  private readonly candidates = new Heap<Candidate>(
    (a, b) => a.count > b.count || (a.count === b.count && a.key < b.key),
  );

  *addAll(words: readonly Word[]): Turns<void> {
    for (const [i, word] of words.entries()) {
      this.count(word, 1);
      for (const key of neighbours(word)) this.listWord(key, word);
      if (i % wordsPerTurn === 0) yield;
    }
    for (const [key, count] of this.counts) this.candidates.push({ key, count });
  }

  /** Returns every pair at most once per count; undefined when the rest is too rare. */
  takeMostFrequent(): [left: number, right: number] | undefined {
    for (let top = this.candidates.pop(); top !== undefined; top = this.candidates.pop()) {
      const count = this.counts.get(top.key) ?? 0;
      if (count < minPairCount) continue;
      if (count === top.count) return [Math.floor(top.key / 0x10000), top.key % 0x10000];
      this.candidates.push({ key: top.key, count });
    }
    return undefined;
  }

  *merge(left: number, right: number, id: number): Turns<void> {
    const created = new Set<number>();
    let looked = 0;
    for (const word of this.wordsWith.get(pairKey(left, right)) ?? []) {
      this.count(word, -1);
      word.tokens = mergeInWord(word.tokens, left, right, id);
      this.count(word, 1);
      for (const key of neighbours(word)) {
        if (Math.floor(key / 0x10000) !== id && key % 0x10000 !== id) continue;
        this.listWord(key, word);
        created.add(key);
      }
      if (++looked % wordsPerTurn === 0) yield;
    }
    this.wordsWith.delete(pairKey(left, right));
    for (const key of created) this.candidates.push({ key, count: this.counts.get(key) ?? 0 });
  }

  private count(word: Word, times: number): void {
    for (const key of neighbours(word)) {
      const count = (this.counts.get(key) ?? 0) + times * word.count;
      if (count === 0) this.counts.delete(key);
      else this.counts.set(key, count);
    }
  }

  private listWord(key: number, word: Word): void {
    const words = this.wordsWith.get(key);
    if (words === undefined) this.wordsWith.set(key, new Set([word]));
    else words.add(word);
  }
}

function neighbours({ tokens }: Word): number[] {
  const keys: number[] = [];
  for (let at = 0; at + 1 < tokens.length; at++) {
    keys.push(pairKey(tokens[at] as number, tokens[at + 1] as number));
  }
  return keys;
}

function mergeInWord(tokens: readonly number[], left: number, right: number, id: number): number[] {
  const merged: number[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const here = tokens[at] as number;
    if (here === left && tokens[at + 1] === right) {
      merged.push(id);
      at++;
    } else {
      merged.push(here);
    }
  }
  return merged;
}
