import { readFile } from 'node:fs/promises';
import type { ModelConfig } from '../../core/model/config';
import { unusedTokens } from '../../core/estimate/unused-tokens';
import { hasErrors, type Problem } from '../../core/problem';
import { misfits } from '../../core/tokenizer/fit';
import { readHuggingFace } from '../../core/tokenizer/hf-read';
import type { TokenizerModel } from '../../core/tokenizer/model';
import { exitCodes, StarmindError } from '../starmind-error';

/** The tokenizer of a run. @throws StarmindError `tokenizer.missing` or `tokenizer.invalid` */
export async function loadTokenizer(file: string): Promise<TokenizerModel> {
  return (await readTokenizer(file)).tokenizer;
}

/**
 * The tokenizer that a model.json names, and warnings about parts of it that have no effect here.
 *
 * @throws StarmindError when the file is missing, not a tokenizer this engine can run, or larger
 *   than the vocabulary
 */
export async function importTokenizer(
  file: string,
  config: ModelConfig,
): Promise<{ tokenizer: TokenizerModel; warnings: Problem[] }> {
  const { tokenizer, warnings } = await readTokenizer(file);
  const [misfit] = misfits(tokenizer, config.architecture.vocab_size, file);
  if (misfit) {
    throw new StarmindError(misfit.code, exitCodes.input, misfit.message, misfit.fix ?? '');
  }
  return {
    tokenizer,
    warnings: [...warnings, ...unusedTokens(config, tokenizer.tokens.length)],
  };
}

async function readTokenizer(
  file: string,
): Promise<{ tokenizer: TokenizerModel; warnings: Problem[] }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new StarmindError(
      'tokenizer.missing',
      exitCodes.input,
      `The tokenizer ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      'Check tokenizer.path in model.json, or train the model again.',
      { cause: error },
    );
  }
  const { value, problems } = readHuggingFace(text);
  if (!value || hasErrors(problems)) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    throw new StarmindError(
      'tokenizer.invalid',
      exitCodes.input,
      `${file} cannot be used: ${errors.map(({ message }) => message).join(' ')}`,
      errors[0]?.fix ?? 'Let a tokenizer be learnt from the data.',
    );
  }
  return { tokenizer: value, warnings: problems };
}
