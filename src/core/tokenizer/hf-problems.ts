import type { Problem } from '../problem';

/** Every finding about a foreign tokenizer.json, in one place. */

const path = 'tokenizer.path';
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
  notTokenizer: () =>
    error(
      'not-a-tokenizer',
      'The file has no model with a vocabulary.',
      'Choose the tokenizer.json of a Hugging Face model.',
    ),
  kind: (kind: string) => error('kind', `${kind} tokenizers are not supported.`),
  preTokenizer: (found: string) =>
    error('pre-tokenizer', `The pre-tokenizer ${found} does not work on bytes.`),
  subwordMarks: () => error('subword-marks', 'The model marks its subwords, as WordPiece does.'),
  tooLarge: (ids: number, most: number) =>
    error('too-large', `The tokenizer has ${ids} ids; a token has 16 bits, for ${most}.`),
  badId: (token: string) =>
    error('bad-id', `The id of ${JSON.stringify(token)} is not a whole number from 0.`),
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
      'Train the model with this tokenizer here, and both sides agree.',
    ),
  normalizer: () =>
    warning(
      'normalizer',
      'The normaliser of the file is not applied.',
      'Normalise the training text beforehand.',
    ),
  ignoresMerges: () =>
    warning(
      'ignores-merges',
      'The file takes whole words from the vocabulary before it merges; here only merges count.',
      'Train the model with this tokenizer here, and both sides agree.',
    ),
};
