import type { Problem } from '../problem';

/** Every finding about a foreign tokenizer.json, in one place. */

const path = 'tokenizer.path';
const bothAgree = 'A model that is trained here with this tokenizer agrees with the board.';
const useOurs = 'Use a byte-level BPE tokenizer.json, or set tokenizer.type to bpe.';

function error(code: string, message: string, fix = useOurs): Problem {
  return { code: `tokenizer.${code}`, severity: 'error', path, message, fix };
}

function warning(code: string, message: string, fix: string): Problem {
  return { code: `tokenizer.${code}`, severity: 'warning', path, message, fix };
}

export const hfProblems = {
  notJson: (reason: string) =>
    error('not-json', `The tokenizer file is not JSON: ${reason}.`, 'Choose a tokenizer.json.'),
  utf16: () =>
    error(
      'utf16',
      'The tokenizer file is UTF-16; JSON is UTF-8.',
      'Save it as UTF-8 (in VS Code: Save with Encoding).',
    ),
  notTokenizer: () =>
    error(
      'not-a-tokenizer',
      'The file has no model with a vocabulary.',
      'Choose the tokenizer.json of a Hugging Face model.',
    ),
  kind: (kind: string) => error('kind', `${kind} tokenizers are not supported.`),
  unmarkedSpaces: () =>
    error(
      'kind',
      'The tokenizer falls back to bytes, as SentencePiece does, but puts no space before a text.',
    ),
  preTokenizer: (found: string) =>
    error('pre-tokenizer', `The pre-tokenizer ${found} does not work on bytes.`),
  subwordMarks: () => error('subword-marks', 'The model marks its subwords, as WordPiece does.'),
  tooLarge: (ids: number, most: number) =>
    error('too-large', `The tokenizer has ${ids} ids; a token has 16 bits, for ${most}.`),
  badId: (token: string) =>
    error('bad-id', `The id of ${JSON.stringify(token)} is not a whole number from 0.`),
  sameId: (id: number, one: string, other: string) =>
    error('same-id', `${JSON.stringify(one)} and ${JSON.stringify(other)} both have id ${id}.`),
  badToken: (token: string) =>
    error('bad-token', `The token ${JSON.stringify(token)} is not spelt in GPT-2's bytes.`),
  badMerge: (merge: string) =>
    error('bad-merge', `The merge ${merge} needs tokens that the vocabulary does not have.`),
  missingBytes: (count: number) =>
    error('missing-bytes', `${count} of the 256 bytes have no token, and there is no escape.`),
  noEndOfText: () => error('no-end-of-text', 'No special token can stand for the end of a text.'),
  otherPieces: () =>
    warning(
      'other-pieces',
      'The file splits text by a rule of its own; ours is used instead, so some texts get other tokens.',
      bothAgree,
    ),
  normalizer: (kind: string) =>
    warning(
      'normalizer',
      `The normaliser of the file (${kind}) is not applied: text gets its tokens as it is written.`,
      'Normalise the training text beforehand.',
    ),
  ignoresMerges: () =>
    warning(
      'ignores-merges',
      'The file takes whole words from the vocabulary before it merges; here only merges count.',
      bothAgree,
    ),
  prefixSpace: () =>
    warning(
      'prefix-space',
      'The file puts a space before every text; here none is put there.',
      'Begin prompts and documents with a space where one is meant.',
    ),
  dropout: (share: number) =>
    warning(
      'dropout',
      `The file leaves out ${100 * share} % of the merges by chance; here all are applied.`,
      'Set model.dropout to null in the file.',
    ),
  truncation: () =>
    warning(
      'truncation',
      'The file cuts texts off at a length; here they are used whole.',
      'Set truncation to null in the file.',
    ),
  padding: () =>
    warning('padding', 'The file pads texts; here none are.', 'Set padding to null in the file.'),
  postProcessor: (kind: string) =>
    warning(
      'post-processor',
      `The file adds tokens to every text (${kind}); here only the end of text stands around documents.`,
      'Set post_processor to null in the file.',
    ),
  addedTokens: (names: readonly string[]) =>
    warning(
      'added-tokens',
      `The file looks for ${listed(names)} in a text; here they keep their ids and can be spoken, but text never becomes them.`,
      'Use words that the merges make, or live with their spelling in several tokens.',
    ),
};

/** The first names of a list, and how many more there are. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => JSON.stringify(name));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
