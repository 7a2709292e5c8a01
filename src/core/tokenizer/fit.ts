import { setting, type Problem } from '../problem';
import { grouped } from '../text';
import type { TokenizerModel } from './model';

/**
 * Why a tokenizer that was read from a file cannot serve a model.
 *
 * @param file its name, for the messages
 */
export function misfits(tokenizer: TokenizerModel, vocab_size: number, file: string): Problem[] {
  const problems: Problem[] = [];
  const { length } = tokenizer.tokens;
  if (length > vocab_size) {
    problems.push({
      code: 'tokenizer.vocabulary',
      severity: 'error',
      path: 'architecture.vocab_size',
      message: `${file} has ${grouped(length)} tokens; architecture.vocab_size is ${grouped(vocab_size)}.`,
      fix: `Set architecture.vocab_size to ${length}.`,
      fixes: [
        {
          title: `Set vocab_size to ${length}`,
          changes: [setting('architecture.vocab_size', length)],
        },
      ],
    });
  }
  return problems;
}

/**
 * The fewest bytes of text from which BPE can learn this many tokens: each new token stands for a
 * pair that occurs twice.
 */
export function leastBytes(vocab_size: number): number {
  return 2 * vocab_size;
}
