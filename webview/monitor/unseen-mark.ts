/** Something that takes room on a line. */
const seen = /[^\p{Cc}\p{Cf}\ufe0f]|\t/u;

/**
 * A sign for a token that would not be seen: of a line end, or of none but a part of a character,
 * whose text comes with its last part. The style sheet draws it, so that it is neither read nor
 * copied.
 */
export function unseenMark(text: string): string | undefined {
  if (seen.test(text)) return undefined;
  return text.includes('\n') ? '↵' : '·';
}
