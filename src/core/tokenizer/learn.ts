import type { Checked } from '../problem';
import { finish, type Turns } from '../turns';
import { chooseAlphabet, countBytes } from './alphabet';
import { learnMerges, type LearnOptions } from './learn-bpe';
import { learnCharacters } from './learn-chars';
import {
  alphabetModel,
  byteVocabSize,
  maxTokens,
  minVocabSize,
  specialTokens,
  type TokenizerModel,
  type TokenizerType,
} from './model';

/** Makes a tokenizer in one go; see learnTokenizer. */
export function trainTokenizer(
  ...args: Parameters<typeof learnTokenizer>
): Checked<TokenizerModel> {
  return finish(learnTokenizer(...args));
}

/**
 * Makes a tokenizer of at most `vocabSize` ids for the documents; deterministic. It may have fewer
 * ids when the documents do not call for more. The value is absent with a problem when the size is
 * impossible.
 *
 * - byte: all 256 bytes and nothing else; the documents are not looked at.
 * - char: the bytes that occur, the most frequent if there is not room for all; what room remains
 *   goes to whole UTF-8 characters.
 * - bpe: the bytes that occur, in at most half of the vocabulary, the rest for merges.
 */
export function* learnTokenizer(
  type: TokenizerType,
  vocabSize: number,
  documents: readonly Uint8Array[],
  options: LearnOptions = {},
): Turns<Checked<TokenizerModel>> {
  const least = type === 'byte' ? byteVocabSize : minVocabSize;
  if (vocabSize < least || vocabSize > maxTokens) {
    return {
      value: undefined,
      problems: [
        {
          code: 'tokenizer.vocab-size',
          severity: 'error',
          path: 'architecture.vocab_size',
          message: `A ${type} tokenizer cannot have ${vocabSize} tokens.`,
          fix: `Choose a vocab_size from ${least} to ${maxTokens}.`,
        },
      ],
    };
  }
  if (type === 'byte') return { value: alphabetModel(type, Array(256).keys()), problems: [] };

  const room = type === 'char' ? vocabSize - specialTokens : Math.floor(vocabSize / 2);
  const model = alphabetModel(type, chooseAlphabet(yield* countBytes(documents), room));
  if (type === 'char') {
    yield* learnCharacters(model, documents, vocabSize);
  } else {
    yield* learnMerges(model, documents, vocabSize, options);
  }
  return { value: model, problems: [] };
}
