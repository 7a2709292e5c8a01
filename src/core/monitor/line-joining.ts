/** A line as it is copied. */
export interface CopiedLine {
  text: string;
  /** It is the rest of the one before: a longer line was cut for the view. */
  isRest: boolean;
}

/** Lines as they came, one below the other. */
export function joinedLines(lines: readonly CopiedLine[]): string {
  return lines
    .map(({ text, isRest }, index) => (index === 0 || isRest ? text : `\n${text}`))
    .join('');
}
