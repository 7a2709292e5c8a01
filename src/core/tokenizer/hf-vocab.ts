import type { Problem } from '../problem';
import { unicodeToBytes } from './byte-unicode';
import { hfProblems } from './hf-problems';
import { asArray, asRecord, type JsonRecord } from './json';
import { maxTokens, type AddedToken, type Merge } from './model';
import { utf8Bytes } from './utf8';

/**
 * The tokens that a file adds to its vocabulary, with the ids that the tokenizers library assigns.
 */
export function readAddedTokens(
  list: unknown,
  vocab: JsonRecord,
  problems: Problem[],
): AddedToken[] {
  return asArray(list).flatMap((entry) => {
    const { id, content, special } = asRecord(entry) ?? {};
    if (typeof content !== 'string') return [];
    // A name that the vocabulary has too keeps its id there.
    const number = idOf(vocab, content) ?? id;
    if (isId(number)) return [{ id: number, content, special: special === true }];
    problems.push(hfProblems.badId(content));
    return [];
  });
}

/**
 * Bytes of every id. Special tokens have none; other added tokens are plain text.
 *
 * @param read gives the bytes of a spelling; undefined for one that stands for none
 */
export function readTokens(
  vocab: JsonRecord,
  added: readonly AddedToken[],
  problems: Problem[],
  read: (spelling: string) => Uint8Array | undefined = unicodeToBytes,
): Uint8Array[] {
  const spellings = readIds(vocab, added, problems);
  let ids = 0;
  for (const id of spellings.keys()) ids = Math.max(ids, id + 1);
  if (ids > maxTokens) problems.push(hfProblems.tooLarge(ids, maxTokens));
  if (problems.length > 0) return [];

  // Ids that the file leaves out have no bytes.
  const tokens = Array.from({ length: ids }, () => new Uint8Array(0));
  const addedById = new Map(added.map((token) => [token.id, token]));
  for (const [id, spelling] of spellings) {
    const addedToken = addedById.get(id);
    if (addedToken?.special) continue;
    const bytes = addedToken ? utf8Bytes(spelling) : read(spelling);
    if (bytes === undefined) problems.push(hfProblems.badToken(spelling));
    else tokens[id] = new Uint8Array(bytes);
  }
  return tokens;
}

/** The one spelling of every id. */
function readIds(
  vocab: JsonRecord,
  added: readonly AddedToken[],
  problems: Problem[],
): Map<number, string> {
  const spellings = new Map<number, string>();
  for (const [spelling, id] of [
    ...Object.entries(vocab),
    ...added.map(({ id, content }): [string, unknown] => [content, id]),
  ]) {
    const other = isId(id) ? spellings.get(id) : undefined;
    if (!isId(id)) problems.push(hfProblems.badId(spelling));
    else if (other === undefined) spellings.set(id, spelling);
    else if (other !== spelling) problems.push(hfProblems.sameId(id, other, spelling));
  }
  return spellings;
}

/** Merges are pairs, or in older files two words with a space between. */
export function readMerges(list: unknown, vocab: JsonRecord, problems: Problem[]): Merge[] {
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

export function idOf(vocab: JsonRecord, spelling: string): number | undefined {
  const id = Object.hasOwn(vocab, spelling) ? vocab[spelling] : undefined;
  return typeof id === 'number' ? id : undefined;
}

function isId(id: unknown): id is number {
  return typeof id === 'number' && Number.isInteger(id) && id >= 0;
}
