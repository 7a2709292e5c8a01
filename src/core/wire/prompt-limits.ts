import { grouped } from '../text';

/** The remedy for every prompt that is too long. */
export const shortenPrompt = 'Shorten it, or train a model with a larger architecture.max_seq_len.';

/**
 * Why a prompt does not fit the context of a model, in the same words on host and board; undefined
 * when it fits. The end of text that begins every text occupies one place of the context.
 *
 * @param tokens of the prompt
 * @param context architecture.max_seq_len
 */
export function overContext(tokens: number, context: number): string | undefined {
  if (tokens < context) return undefined;
  const most = grouped(context - 1);
  return `The prompt has ${grouped(tokens)} tokens; the context of ${grouped(context)} (max_seq_len) has room for ${most}.`;
}

/**
 * Tokens of a prompt that a board can hold, whatever its context: PROMPT_TOKENS of
 * firmware/app/speak.c.
 */
const boardTokens = 512;

/** Why a board cannot hold the tokens of a prompt; undefined when it can, or may. */
export function overBoard(tokens: number, context: number): string | undefined {
  if (tokens <= boardTokens) return overContext(tokens, context);
  const most = grouped(Math.min(boardTokens, context - 1));
  return `The prompt has more than ${boardTokens} tokens; the board has room for ${most}.`;
}

/** Why a prompt does not fit a line to the board, in bytes as the line spells it. */
export function overLine(bytes: number, surplus: number): string {
  return `The prompt takes ${grouped(bytes)} bytes; a line to the board has room for ${grouped(Math.max(0, bytes - surplus))}.`;
}
