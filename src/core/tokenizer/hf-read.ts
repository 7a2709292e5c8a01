import { hasErrors, type Checked, type Problem } from '../problem';
import { unicodeToBytes } from './byte-unicode';
import { hfProblems } from './hf-problems';
import { readPreTokenizer } from './hf-pre-tokenizer';
import {
  endOfText,
  escapeText,
  maxTokens,
  nibbles,
  noToken,
  type Merge,
  type TokenizerModel,
  type TokenizerType,
} from './model';
import { asArray, asRecord, type JsonRecord } from './json';
import { utf8Bytes } from './utf8';

/**
 * Reads a Hugging Face tokenizer.json. Our own files come back as they were written; byte-level BPE
 * files of others are taken over with their ids, special tokens and merges, and with warnings where
 * they split text otherwise than we do.
 */
export function readHuggingFace(text: string): Checked<TokenizerModel> {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { value: undefined, problems: [hfProblems.notJson(reason)] };
  }
  const root = asRecord(file);
  const model = asRecord(root?.model);
  const vocab = asRecord(model?.vocab);
  if (!root || !model || (!vocab && !Array.isArray(model.vocab))) {
    return { value: undefined, problems: [hfProblems.notTokenizer()] };
  }
  const problems = checkKind(root, model);
  if (hasErrors(problems) || !vocab) return { value: undefined, problems };
  const pre = readPreTokenizer(root.pre_tokenizer, asArray(model.merges).length > 0);
  const rest = assemble(root, model, vocab, pre.type);
  problems.push(...pre.problems, ...rest.problems);
  return { value: hasErrors(problems) ? undefined : rest.value, problems };
}

/** Whether this is a BPE over bytes at all, and what of the file we do not follow. */
function checkKind(root: JsonRecord, model: JsonRecord): Problem[] {
  // Old files do not name the kind; of the dictionary-shaped ones only BPE has merges.
  const kind = typeof model.type === 'string' ? model.type : model.merges ? 'BPE' : 'Nameless';
  if (kind !== 'BPE') return [hfProblems.kind(kind)];
  if (model.byte_fallback === true) return [hfProblems.kind('SentencePiece')];
  if (model.continuing_subword_prefix || model.end_of_word_suffix) {
    return [hfProblems.subwordMarks()];
  }
  const problems: Problem[] = [];
  if (root.normalizer) problems.push(hfProblems.normalizer());
  if (model.ignore_merges === true) problems.push(hfProblems.ignoresMerges());
  return problems;
}

function assemble(
  root: JsonRecord,
  model: JsonRecord,
  vocab: JsonRecord,
  type: TokenizerType,
): Checked<TokenizerModel> {
  const added = readAddedTokens(root.added_tokens);
  const { tokens, problems } = readTokens(vocab, added);
  if (hasErrors(problems)) return { value: undefined, problems };

  const byteToken = new Uint16Array(256).fill(noToken);
  const addedIds = new Set(added.map(({ id }) => id));
  tokens.forEach((bytes, id) => {
    if (bytes.length === 1 && !addedIds.has(id)) byteToken[bytes[0] as number] = id;
  });
  const merges = readMerges(model.merges, vocab, problems);
  const eosId = findEndOfText(added);
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
      byteToken,
      merges,
      eosId: eosId ?? 0,
      escapeId: escapeId ?? -1,
      nibbleBase,
    },
    problems,
  };
}

interface AddedToken {
  id: number;
  content: string;
  special: boolean;
}

function readAddedTokens(list: unknown): AddedToken[] {
  return asArray(list).flatMap((entry) => {
    const { id, content, special } = asRecord(entry) ?? {};
    if (typeof id !== 'number' || typeof content !== 'string') return [];
    return [{ id, content, special: special === true }];
  });
}

/** Bytes of every id. Special tokens have none; other added tokens are plain text. */
function readTokens(
  vocab: JsonRecord,
  added: readonly AddedToken[],
): { tokens: Uint8Array[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const addedById = new Map(added.map((token) => [token.id, token]));
  const spellings = new Map<number, string>();
  for (const [spelling, id] of [
    ...Object.entries(vocab),
    ...added.map(({ id, content }): [string, unknown] => [content, id]),
  ]) {
    if (typeof id === 'number' && Number.isInteger(id) && id >= 0) spellings.set(id, spelling);
    else problems.push(hfProblems.badId(spelling));
  }
  let ids = 0;
  for (const id of spellings.keys()) ids = Math.max(ids, id + 1);
  if (ids > maxTokens) problems.push(hfProblems.tooLarge(ids, maxTokens));
  if (problems.length > 0) return { tokens: [], problems };

  // Ids that the file leaves out have no bytes.
  const tokens = Array.from({ length: ids }, () => new Uint8Array(0));
  for (const [id, spelling] of spellings) {
    const addedToken = addedById.get(id);
    if (addedToken?.special) continue;
    const bytes = addedToken ? utf8Bytes(spelling) : unicodeToBytes(spelling);
    if (bytes === undefined) problems.push(hfProblems.badToken(spelling));
    else tokens[id] = new Uint8Array(bytes);
  }
  return { tokens, problems };
}

/** Merges are pairs, or in older files two words with a space between. */
function readMerges(list: unknown, vocab: JsonRecord, problems: Problem[]): Merge[] {
  return asArray(list).flatMap((entry) => {
    const pair = typeof entry === 'string' ? entry.split(' ') : asArray(entry).map(String);
    const left = idOf(vocab, pair[0] ?? '');
    const right = idOf(vocab, pair[1] ?? '');
    const id = idOf(vocab, pair.join(''));
    if (pair.length === 2 && left !== undefined && right !== undefined && id !== undefined) {
      return [{ left, right, id }];
    }
    problems.push(hfProblems.badMerge(JSON.stringify(entry)));
    return [];
  });
}

function idOf(vocab: JsonRecord, spelling: string): number | undefined {
  const id = Object.hasOwn(vocab, spelling) ? vocab[spelling] : undefined;
  return typeof id === 'number' ? id : undefined;
}

/** Names that models in the field give to the end of a text, in order of preference. */
const endNames = [
  endOfText,
  '<|end_of_text|>',
  '</s>',
  '<eos>',
  '<|im_end|>',
  '<s>',
  '<|begin_of_text|>',
];

function findEndOfText(added: readonly AddedToken[]): number | undefined {
  const special = added.filter((token) => token.special);
  for (const name of endNames) {
    const token = special.find(({ content }) => content === name);
    if (token) return token.id;
  }
  return special[0]?.id;
}

function spellsNibbles(tokens: readonly Uint8Array[], nibbleBase: number): boolean {
  if (nibbleBase < 0) return false;
  const spelling = tokens.slice(nibbleBase, nibbleBase + nibbles);
  return spelling.length === nibbles && spelling.every((bytes) => bytes.length === 1);
}
