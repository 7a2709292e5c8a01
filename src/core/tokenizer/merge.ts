import { finish, type Turns } from '../turns';
import { Heap } from './heap';
import { mergeRanks, pairKey, type TokenizerModel } from './model';

/** Candidates to process between two turns: some milliseconds. */
const stepsPerTurn = 1 << 14;

/** The merges of a tokenizer, ready to be applied to the tokens of one piece. */
export class Merger {
  private readonly rankOfPair = new Map<number, number>();
  /** By rank: the token that a merge makes. */
  private readonly products: number[] = [];

  constructor(model: Pick<TokenizerModel, 'type' | 'merges'>) {
    const ranks = mergeRanks(model);
    model.merges.forEach(({ left, right, id }, index) => {
      const rank = ranks[index] ?? index;
      this.products[rank] = id;
      const key = pairKey(left, right);
      // An imported file may repeat a merge; the earlier, stronger one counts.
      if (!this.rankOfPair.has(key)) this.rankOfPair.set(key, rank);
    });
  }

  /**
   * Applies the merge of lowest rank, leftmost first, until none applies, in n log n steps for n
   * tokens: candidates wait in a heap, and each is checked again when it is popped, since an
   * earlier merge may have replaced a neighbour.
   */
  apply(piece: readonly number[]): number[] {
    return finish(this.applyInTurns(piece));
  }

  /** As `apply`, with turns, for pieces that may be as long as a whole text. */
  *applyInTurns(piece: readonly number[]): Turns<number[]> {
    if (piece.length < 2 || this.products.length === 0) return [...piece];
    const tokens = [...piece];
    const next = tokens.map((_, at) => at + 1);
    const previous = tokens.map((_, at) => at - 1);
    // One number per candidate, rank before place.
    const candidates = new Heap<number>((a, b) => a < b);
    const consider = (at: number) => {
      const rank = this.rankAt(tokens, next, at);
      if (rank !== undefined) candidates.push(rank * tokens.length + at);
    };
    for (let at = 0; at + 1 < tokens.length; at++) {
      consider(at);
      if (at % stepsPerTurn === stepsPerTurn - 1) yield;
    }
    let steps = 0;
    for (let key = candidates.pop(); key !== undefined; key = candidates.pop()) {
      if (++steps % stepsPerTurn === 0) yield;
      const at = key % tokens.length;
      const rank = (key - at) / tokens.length;
      if (this.rankAt(tokens, next, at) !== rank) continue;
      const right = next[at] as number;
      const after = next[right] as number;
      tokens[at] = this.products[rank] as number;
      tokens[right] = merged;
      next[at] = after;
      if (after < tokens.length) previous[after] = at;
      consider(at);
      if ((previous[at] as number) >= 0) consider(previous[at] as number);
    }
    return tokens.filter((token) => token !== merged);
  }

  private rankAt(tokens: number[], next: number[], at: number): number | undefined {
    const left = tokens[at];
    const right = tokens[next[at] ?? tokens.length];
    if (left === undefined || right === undefined || left === merged) return undefined;
    return this.rankOfPair.get(pairKey(left, right));
  }
}

/** Place of a token that became part of the one on its left. */
const merged = -1;
