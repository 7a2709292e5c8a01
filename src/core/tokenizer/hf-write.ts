import { bytesToUnicode } from './byte-unicode';
import { specialTexts, splitRegex, type HfByteLevel, type HfTokenizer } from './hf-format';
import { tokenBytes, type TokenizerModel } from './model';

/**
 * A tokenizer made here as a Hugging Face tokenizer.json. Their library reads the same tokens for
 * text whose bytes are all in the alphabet; it writes an unknown byte as a lone `<|byte|>`, and
 * takes `<|endoftext|>` in a text for the special token.
 */
export function writeHuggingFace(model: TokenizerModel): string {
  return JSON.stringify(toHuggingFace(model), undefined, 1) + '\n';
}

function toHuggingFace(model: TokenizerModel): HfTokenizer {
  const text = (id: number) => bytesToUnicode(tokenBytes(model, id));
  const vocab: Record<string, number> = {};
  model.tokens.forEach((_, id) => (vocab[specialTexts[id] ?? text(id)] = id));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTexts.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: preTokenizer(splitRegex[model.type]),
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: specialTexts[1],
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges: model.merges.map(({ left, right }) => [text(left), text(right)]),
    },
  };
}

const byteLevel: HfByteLevel = {
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: false,
};

function preTokenizer(regex: string | undefined): HfTokenizer['pre_tokenizer'] {
  if (regex === undefined) return byteLevel;
  const split = {
    type: 'Split' as const,
    pattern: { Regex: regex },
    behavior: 'Isolated' as const,
    invert: false,
  };
  return { type: 'Sequence', pretokenizers: [split, byteLevel] };
}
