import { bytesToUnicode } from '../../../src/core/tokenizer/byte-unicode';
import { utf8 } from './samples';

/** The parts of a tokenizer.json that tests change. */
export interface ForeignFile {
  added_tokens: { id: number; content: string; special: boolean }[];
  pre_tokenizer: unknown;
  model: { type: string; vocab: Record<string, number>; merges: (string | [string, string])[] };
}

/** Merges in the spelling of the file, where \u0120 is a space. */
export const merges: [string, string][] = [
  ['\u0120', 't'],
  ['h', 'e'],
  ['\u0120t', 'he'],
  ['!', '!'],
  ['\u0120', 'a'],
];

/**
 * A byte-level BPE as Hugging Face's trainer numbers it: the special tokens that `first` names,
 * then visible bytes before the others, then merges; then the tokens that `last` adds.
 */
export function foreignFile(
  first: readonly string[],
  last: readonly [name: string, special: boolean][] = [],
): ForeignFile {
  const bytes = Array.from({ length: 256 }, (_, byte) => bytesToUnicode(Uint8Array.of(byte)));
  const names = [...first, ...bytes.sort(), ...merges.map((pair) => pair.join(''))];
  const vocab = Object.fromEntries(names.map((name, id) => [name, id]));
  const added_tokens = [
    ...first.map((content, id) => ({ id, content, special: true })),
    ...last.map(([content, special], i) => ({ id: names.length + i, content, special })),
  ];
  return {
    added_tokens,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    model: { type: 'BPE', vocab, merges: merges as ForeignFile['model']['merges'] },
  };
}

/** The rule as its paper states it, on the spellings of the file: independent of our code. */
export function idsByTheFile({ model }: ForeignFile, text: string): number[] {
  const ranks = model.merges.map((pair) => (typeof pair === 'string' ? pair : pair.join(' ')));
  return (text.match(/ ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu) ?? []).flatMap(
    (piece) => {
      const symbols = [...bytesToUnicode(utf8(piece))];
      for (;;) {
        const rankAt = (at: number) => {
          const rank = ranks.indexOf(`${symbols[at]} ${symbols[at + 1]}`);
          return rank < 0 ? Infinity : rank;
        };
        const places = symbols.slice(1).map((_, at) => at);
        const best = places.sort((a, b) => rankAt(a) - rankAt(b) || a - b)[0];
        if (best === undefined || rankAt(best) === Infinity) break;
        symbols.splice(best, 2, symbols[best]! + symbols[best + 1]!);
      }
      return symbols.map((symbol) => model.vocab[symbol] ?? -1);
    },
  );
}

/** With the end of text at an id among ordinary tokens, which move up by one from there. */
export function foreignFileWithEndAt(id: number): ForeignFile {
  const file = foreignFile([]);
  const { vocab } = file.model;
  for (const [name, old] of Object.entries(vocab)) if (old >= id) vocab[name] = old + 1;
  vocab['</s>'] = id;
  file.added_tokens.push({ id, content: '</s>', special: true });
  return file;
}

/** A text with pieces of many kinds, merges and the spelling of an added token. */
export const sampleText =
  'Then the cat ate the hat!! A  theatre !!! 42\n\ttea, \u00e4 \ud83d\ude42 <user>';
