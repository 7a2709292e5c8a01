/** A character that takes room on a line. */
const seen = /[^\p{Cc}\p{Cf}\ufe0f]|\t/u;

/**
 * A sign for a token without visible text: a line end, or a part of a character whose text comes
 * with its last part. The style sheet draws the sign, so that screen readers and the clipboard skip
 * it.
 */
export function unseenMark(text: string): string | undefined {
  if (seen.test(text)) return undefined;
  return text.includes('\n') ? '↵' : '·';
}
