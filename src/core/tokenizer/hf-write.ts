import { bytesToUnicode } from './byte-unicode';
import { splitRegex, type HfByteLevel, type HfTokenizer } from './hf-format';
import { tokenBytes, type TokenizerModel } from './model';
import { pieceDecoder, pieceNormalizer, pieceSpelling } from './hf-pieces';
import { endOfTextByName, startTemplate } from './hf-template';

/**
 * Writes a tokenizer as a Hugging Face tokenizer.json that describes this program's encoding: an
 * imported one keeps its ids, special and added tokens, and gets our piece rule. The tokenizers
 * library reads the same tokens for text whose bytes are all in the alphabet; it writes an unknown
 * byte as a lone `<
 * byte
 * >`, and treats `<
 * endoftext
 * >` and other names in a text as the tokens of these names.
 */
export function writeHuggingFace(model: TokenizerModel): string {
  return JSON.stringify(toHuggingFace(model), undefined, 1) + '\n';
}

function toHuggingFace(model: TokenizerModel): HfTokenizer {
  const hasPieces = model.type === 'sentencepiece';
  const names = new Map(model.added.map(({ id, content }) => [id, content]));
  const spell = (id: number) =>
    hasPieces ? pieceSpelling(model, id) : bytesToUnicode(tokenBytes(model, id));
  const spelling = (id: number) => names.get(id) ?? spell(id);
  // Without a prototype, `__proto__` is a word like any other.
  const vocab = Object.create(null) as Record<string, number>;
  for (const id of model.tokens.keys()) {
    // The file leaves out an id without a token.
    if (spelling(id) !== '') vocab[spelling(id)] = id;
  }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: model.added.map(({ id, content, special }) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special,
    })),
    normalizer: hasPieces ? pieceNormalizer : null,
    pre_tokenizer: model.type === 'sentencepiece' ? null : preTokenizer(splitRegex[model.type]),
    post_processor: startsText(model) ? startTemplate(spelling(model.eosId), model.eosId) : null,
    decoder: hasPieces ? pieceDecoder : byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: model.escapeId < 0 ? null : spelling(model.escapeId),
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: hasPieces,
      ignore_merges: false,
      vocab,
      merges: model.merges.map(({ left, right }) => [spelling(left), spelling(right)]),
    },
  };
}

/** A file whose end of text its reader would not find by name says which token begins a text. */
function startsText({ added, eosId }: TokenizerModel): boolean {
  return endOfTextByName(added) !== eosId;
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
