import { overContext, shortenPrompt } from '../core/wire/prompt-limits';
import { exitCodes, StarmindError } from './starmind-error';

/** A prompt that fills the context of its model. @param message its length, and the limit */
export function promptTooLong(message: string): StarmindError {
  return new StarmindError('prompt.too-long', exitCodes.input, message, shortenPrompt);
}

/** @throws StarmindError `prompt.too-long` for a prompt of so many tokens */
export function requirePromptFits(tokens: number, context: number): void {
  const over = overContext(tokens, context);
  if (over !== undefined) throw promptTooLong(over);
}
