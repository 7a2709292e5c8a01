import type { TokenizerType } from './model';

/** The parts of a Hugging Face tokenizer.json that byte-level BPE files have. */
export interface HfTokenizer {
  version: string;
  truncation: null;
  padding: null;
  added_tokens: HfAddedToken[];
  normalizer: HfStep | null;
  pre_tokenizer: HfPreTokenizer | null;
  post_processor: HfTemplate | null;
  decoder: HfByteLevel | HfStep;
  model: {
    type: 'BPE';
    dropout: null;
    unk_token: string | null;
    continuing_subword_prefix: null;
    end_of_word_suffix: null;
    fuse_unk: boolean;
    byte_fallback: boolean;
    ignore_merges: boolean;
    vocab: Record<string, number>;
    merges: [left: string, right: string][];
  };
}

export interface HfAddedToken {
  id: number;
  content: string;
  single_word: boolean;
  lstrip: boolean;
  rstrip: boolean;
  normalized: boolean;
  special: boolean;
}

/** A step of the library that this program writes as it is. */
export interface HfStep {
  type: string;
  [field: string]: unknown;
}

/** Tokens around each text. */
export interface HfTemplate {
  type: 'TemplateProcessing';
  single: HfTemplateItem[];
  pair: HfTemplateItem[];
  special_tokens: Record<string, { id: string; ids: number[]; tokens: string[] }>;
}

export type HfTemplateItem =
  | { SpecialToken: { id: string; type_id: number } }
  | { Sequence: { id: 'A' | 'B'; type_id: number } };

export interface HfByteLevel {
  type: 'ByteLevel';
  add_prefix_space: boolean;
  trim_offsets: boolean;
  use_regex: boolean;
}

export interface HfSplit {
  type: 'Split';
  pattern: { Regex: string };
  behavior: 'Isolated';
  invert: boolean;
}

export type HfPreTokenizer =
  HfByteLevel | { type: 'Sequence'; pretokenizers: (HfSplit | HfByteLevel)[] };

/** The piece rule of pieces.ts, over characters: those above U+007F are letters. */
const letter = '[^\\x00-@\\[-`{-\\x7F]';
const digit = '[0-9]';
const space = '[ \\t\\n\\x0B\\f\\r]';
const other = '[\\x00-\\x08\\x0E-\\x1F!-/:-@\\[-`{-\\x7F]';
const pieceRegex = ` ?${letter}+| ?${digit}+| ?${other}+|${space}+(?= [^ \\t\\n\\x0B\\f\\r])|${space}+`;

/**
 * The pattern by which each type splits text before merging; it also identifies the type of a file.
 */
export const splitRegex: Readonly<Record<TokenizerType, string | undefined>> = {
  byte: undefined,
  char: '[\\x00-\\x7F]|[^\\x00-\\x7F]',
  bpe: pieceRegex,
};
