/**
 * A tokenizer as plain data: what is learnt, saved, put in the device image and run by the engine's
 * own encoder. Nothing here needs code to be understood.
 *
 * Ids of a tokenizer made here: 0 is the end of text, 1 the escape, then one token per byte of the
 * alphabet in byte order, then one per merge in merge order. An imported tokenizer has ids of its
 * own, so the special ones are fields.
 *
 * A byte outside the alphabet is written as three tokens: the escape and the nibble tokens of its
 * high and low half. Nibble n is the token nibbleBase + n, which outside an escape is an ordinary
 * byte of the alphabet. So any bytes survive encoding and decoding with any vocabulary.
 */
export interface TokenizerModel {
  type: TokenizerKind;
  /** Bytes of every id; empty for special tokens and for ids that nothing has. At most 65,535. */
  tokens: Uint8Array[];
  /** Tokens with a name of their own; text that looks like one is ordinary text. */
  added: AddedToken[];
  /** [256] Token of a single byte, `noToken` for bytes outside the alphabet. */
  byteToken: Uint16Array;
  /** In the order of their ranks, which `mergeRanks` gives: the lowest is applied first. */
  merges: Merge[];
  /** Stands before, between and after documents. */
  eosId: number;
  /** -1 when the alphabet has all 256 bytes and nothing is ever escaped. */
  escapeId: number;
  /** Token of nibble 0; the other 15 follow. -1 without an escape. */
  nibbleBase: number;
}

/** A token that was given, not learnt. A special one has no bytes; another has those of its name. */
export interface AddedToken {
  id: number;
  content: string;
  special: boolean;
}

/** The tokenizers that can be learnt. */
export type TokenizerType = 'byte' | 'char' | 'bpe';

/**
 * One of `sentencepiece` is imported: a space stands before each text, pieces end before spaces
 * alone (`wordEnd`), a character of several bytes that is a token needs no merges, and the ways to
 * make one token have one rank.
 */
export type TokenizerKind = TokenizerType | 'sentencepiece';

/** Two neighbouring tokens that become one. */
export interface Merge {
  left: number;
  right: number;
  id: number;
}

/** The rank of each merge; where ranks are equal, the leftmost place is merged first. */
export function mergeRanks({ type, merges }: Pick<TokenizerModel, 'type' | 'merges'>): number[] {
  let rank = -1;
  return merges.map(({ id }, index) => {
    const isAnotherWay = type === 'sentencepiece' && merges[index - 1]?.id === id;
    if (!isAnotherWay) rank++;
    return rank;
  });
}

export const noToken = 0xffff;
export const maxTokens = 0xffff;
export const nibbles = 16;
export const endOfText = '<|endoftext|>';
export const escapeText = '<|byte|>';

/** Names of ids 0 and 1 of every tokenizer made here. */
export const specialTexts = [endOfText, escapeText] as const;
/** Ids before the alphabet. */
export const specialTokens = specialTexts.length;
/** The escape needs sixteen bytes in the alphabet to spell nibbles with. */
export const minVocabSize = specialTokens + nibbles;
export const byteVocabSize = specialTokens + 256;

/** A tokenizer of single bytes. `alphabet` holds distinct byte values, at least sixteen. */
export function alphabetModel(type: TokenizerType, alphabet: Iterable<number>): TokenizerModel {
  const tokens = specialTexts.map(() => new Uint8Array(0));
  const byteToken = new Uint16Array(256).fill(noToken);
  for (const byte of [...alphabet].sort((a, b) => a - b)) {
    byteToken[byte] = tokens.length;
    tokens.push(Uint8Array.of(byte));
  }
  return {
    type,
    tokens,
    added: specialTexts.map((content, id) => ({ id, content, special: true })),
    byteToken,
    merges: [],
    eosId: 0,
    escapeId: 1,
    nibbleBase: specialTokens,
  };
}

/** Appends a merge and its token; returns the new id. */
export function addMerge(model: TokenizerModel, left: number, right: number): number {
  const id = model.tokens.length;
  model.tokens.push(joinBytes(tokenBytes(model, left), tokenBytes(model, right)));
  model.merges.push({ left, right, id });
  return id;
}

const nothing = new Uint8Array(0);

/** Empty for special tokens and for ids outside the vocabulary. */
export function tokenBytes(model: TokenizerModel, id: number): Uint8Array {
  return model.tokens[id] ?? nothing;
}

/** One number for a pair of ids, in the order of left, then right. */
export function pairKey(left: number, right: number): number {
  return left * 0x10000 + right;
}

export function joinBytes(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}
