import { hasErrors, type Checked, type Problem } from '../problem';
import { isUtf16, withoutMark } from '../byte-order-mark';
import { ignoredParts } from './hf-ignored';
import { hfProblems } from './hf-problems';
import { readPreTokenizer } from './hf-pre-tokenizer';
import { marksSpaces, readPieces } from './hf-pieces';
import { endOfTextId } from './hf-template';
import { idOf, readAddedTokens, readMerges, readTokens } from './hf-vocab';
import { escapeText, nibbles, noToken, type TokenizerModel, type TokenizerType } from './model';
import { asArray, asRecord, type JsonRecord } from './json';

/**
 * Reads a Hugging Face tokenizer.json. Our own files are read back unchanged; byte-level BPE files
 * of others keep their ids, special and added tokens and merges, with warnings where they treat
 * text differently.
 */
export function readHuggingFace(text: string): Checked<TokenizerModel> {
  let file: unknown;
  try {
    if (isUtf16(text)) return { value: undefined, problems: [hfProblems.utf16()] };
    file = JSON.parse(withoutMark(text));
  } catch (error) {
    // The reason quotes the file, which may be anything.
    const reason = String(error).replace(/[\p{Cc}\ufffd]/gu, '?');
    return { value: undefined, problems: [hfProblems.notJson(reason)] };
  }
  const root = asRecord(file);
  const model = asRecord(root?.model);
  const vocab = asRecord(model?.vocab);
  if (!root || !model || (!vocab && !Array.isArray(model.vocab))) {
    return { value: undefined, problems: [hfProblems.notTokenizer()] };
  }
  const problems = checkKind(root, model);
  if (problems.length > 0 || !vocab) return { value: undefined, problems };
  if (model.byte_fallback === true) return readPieces(root, model, vocab);
  const pre = readPreTokenizer(root.pre_tokenizer, asArray(model.merges).length > 0);
  const rest = assemble(root, model, vocab, pre.type);
  problems.push(...pre.problems, ...rest.problems);
  if (rest.value) problems.push(...ignoredParts(root, model, rest.value.added));
  return { value: hasErrors(problems) ? undefined : rest.value, problems };
}

/** Whether this is a BPE over bytes at all. */
function checkKind(root: JsonRecord, model: JsonRecord): Problem[] {
  // Old files do not name the kind; of the dictionary-shaped ones only BPE has merges.
  const kind = typeof model.type === 'string' ? model.type : model.merges ? 'BPE' : 'Nameless';
  if (kind !== 'BPE') return [hfProblems.kind(kind)];
  if (model.byte_fallback === true && !marksSpaces(root)) return [hfProblems.unmarkedSpaces()];
  if (model.continuing_subword_prefix || model.end_of_word_suffix) {
    return [hfProblems.subwordMarks()];
  }
  return [];
}

function assemble(
  root: JsonRecord,
  model: JsonRecord,
  vocab: JsonRecord,
  type: TokenizerType,
): Checked<TokenizerModel> {
  const problems: Problem[] = [];
  const added = readAddedTokens(root.added_tokens, vocab, problems);
  const tokens = readTokens(vocab, added, problems);
  if (hasErrors(problems)) return { value: undefined, problems };

  const byteToken = new Uint16Array(256).fill(noToken);
  const addedIds = new Set(added.map(({ id }) => id));
  tokens.forEach((bytes, id) => {
    if (bytes.length === 1 && !addedIds.has(id)) byteToken[bytes[0] as number] = id;
  });
  const merges = readMerges(model.merges, vocab, problems);
  const eosId = endOfTextId(root, added);
  if (eosId === undefined) problems.push(hfProblems.noEndOfText());
  const escapeId = model.unk_token === escapeText ? idOf(vocab, escapeText) : undefined;
  const nibbleBase = escapeId === undefined ? -1 : escapeId + 1;
  const missing = byteToken.filter((token) => token === noToken).length;
  if (missing > 0 && !spellsNibbles(tokens, nibbleBase)) {
    problems.push(hfProblems.missingBytes(missing));
  }
  return {
    value: {
      type,
      tokens,
      added,
      byteToken,
      merges,
      eosId: eosId ?? 0,
      escapeId: escapeId ?? -1,
      nibbleBase,
    },
    problems,
  };
}

function spellsNibbles(tokens: readonly Uint8Array[], nibbleBase: number): boolean {
  if (nibbleBase < 0) return false;
  const spelling = tokens.slice(nibbleBase, nibbleBase + nibbles);
  return spelling.length === nibbles && spelling.every((bytes) => bytes.length === 1);
}
