import { hasErrors, type Checked, type Problem } from '../problem';
import { decodeUtf8 } from './decode-utf8';
import type { HfStep } from './hf-format';
import { ignoredParts } from './hf-ignored';
import { hfProblems } from './hf-problems';
import { stepsOf } from './hf-steps';
import { endOfTextId } from './hf-template';
import { readAddedTokens, readMerges, readTokens } from './hf-vocab';
import type { JsonRecord } from './json';
import { noToken, tokenBytes, type TokenizerModel } from './model';
import { utf8Bytes } from './utf8';

/** How Hugging Face files of Llama's kind hold the pieces of SentencePiece: U+2581 is a space. */
const mark = '\u2581';

export const pieceNormalizer: HfStep = {
  type: 'Sequence',
  normalizers: [
    { type: 'Prepend', prepend: mark },
    { type: 'Replace', pattern: { String: ' ' }, content: mark },
  ],
};

export const pieceDecoder: HfStep = {
  type: 'Sequence',
  decoders: [
    { type: 'Replace', pattern: { String: mark }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
    { type: 'Strip', content: ' ', start: 1, stop: 0 },
  ],
};

/** Spelling of a token in a file: `<0x0A>` for the byte that no piece has. */
export function pieceSpelling(model: TokenizerModel, id: number): string {
  const bytes = tokenBytes(model, id);
  const [byte = 0] = bytes;
  const isPiece = model.byteToken[byte] === id && byte < 0x80 && isMerged(model, id);
  if (bytes.length === 1 && !isPiece) {
    return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
  }
  return decodeUtf8(bytes).replaceAll(' ', mark);
}

/** Whether another token has the byte as well, or a merge takes it: it is more than its byte. */
function isMerged({ tokens, merges }: TokenizerModel, id: number): boolean {
  const [byte] = tokens[id] ?? [];
  return (
    tokens.some((other, index) => index !== id && other.length === 1 && other[0] === byte) ||
    merges.some(({ left, right }) => left === id || right === id)
  );
}

/** The byte that `<0x0A>` stands for, or the UTF-8 of a piece. */
function pieceBytes(spelling: string): Uint8Array {
  const [, byte] = /^<0x([0-9A-F]{2})>$/.exec(spelling) ?? [];
  if (byte !== undefined) return Uint8Array.of(parseInt(byte, 16));
  return utf8Bytes(spelling.replaceAll(mark, ' '));
}

/** Whether a file puts the mark before each text and in place of each space. */
export function marksSpaces(root: JsonRecord): boolean {
  const normalizers = stepsOf(root.normalizer, 'normalizers');
  const prepends = normalizers.some(({ type, prepend }) => type === 'Prepend' && prepend === mark);
  const replaces = normalizers.some(({ type, content }) => type === 'Replace' && content === mark);
  const others = normalizers.filter(({ type }) => type !== 'Prepend' && type !== 'Replace');
  const metaspace = stepsOf(root.pre_tokenizer, 'pretokenizers').find(
    ({ type }) => type === 'Metaspace',
  );
  const isFirst =
    metaspace?.prepend_scheme ?? (metaspace?.add_prefix_space === false ? 'never' : 'first');
  if (metaspace) return isFirst !== 'never' && others.length === 0;
  return prepends && replaces && others.length === 0;
}

/** The tokenizer of a file whose model is a BPE over pieces, with bytes for what they lack. */
export function readPieces(
  root: JsonRecord,
  model: JsonRecord,
  vocab: JsonRecord,
): Checked<TokenizerModel> {
  const problems: Problem[] = [];
  const added = readAddedTokens(root.added_tokens, vocab, problems);
  const tokens = readTokens(vocab, added, problems, pieceBytes);
  if (hasErrors(problems)) return { value: undefined, problems };
  const specialIds = new Set(added.map(({ id }) => id));
  const byteToken = new Uint16Array(256).fill(noToken);
  for (const [spelling, id] of Object.entries(vocab)) {
    const bytes = tokens[id as number] ?? new Uint8Array(0);
    const [byte = 0] = bytes;
    if (bytes.length !== 1 || specialIds.has(id as number)) continue;
    // A piece counts before the spelling of its byte.
    if (byteToken[byte] === noToken || spelling.length === 1) byteToken[byte] = id as number;
  }
  const missing = byteToken.filter((token) => token === noToken).length;
  if (missing > 0) problems.push(hfProblems.missingBytes(missing));
  const merges = readMerges(model.merges, vocab, problems);
  const eosId = endOfTextId(root, added);
  if (eosId === undefined) problems.push(hfProblems.noEndOfText());
  problems.push(...ignoredParts({ ...root, normalizer: null }, model, added));
  const value: TokenizerModel = {
    ...{ type: 'sentencepiece', tokens, added, byteToken, merges, eosId: eosId ?? 0 },
    ...{ escapeId: -1, nibbleBase: -1 },
  };
  return { value: hasErrors(problems) ? undefined : value, problems };
}
