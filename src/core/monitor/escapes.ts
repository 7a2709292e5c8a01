/** Escapes of one letter -> what they stand for. */
const letters: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

/**
 * A text with its escapes replaced: \n, \r, \t, \\ and \x03 for any ASCII character. Of one that is
 * none of these: what is wrong, in a sentence.
 */
export function unescaped(typed: string): { text: string } | { problem: string } {
  let problem: string | undefined;
  const text = typed.replace(/\\(x[0-7][\da-f]|[^]|$)/gi, (found, escape: string) => {
    const letter = letters[escape];
    if (letter !== undefined) return letter;
    if (escape.length === 3) return String.fromCharCode(parseInt(escape.slice(1), 16));
    problem ??= `${found} is no escape. These are: \\n, \\r, \\t, \\\\, and \\x00 to \\x7f.`;
    return found;
  });
  return problem === undefined ? { text } : { problem };
}
