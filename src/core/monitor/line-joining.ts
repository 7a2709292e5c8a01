/** A line for the clipboard. */
export interface CopiedLine {
  text: string;
  /** Continues the line before: the log has split a longer line. */
  isRest: boolean;
}

/** The lines as received, one below the other. */
export function joinedLines(lines: readonly CopiedLine[]): string {
  return lines
    .map(({ text, isRest }, index) => (index === 0 || isRest ? text : `\n${text}`))
    .join('');
}
