/** Letter of an escape -> the character it stands for. */
const letters: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

/**
 * Replaces the escapes of a text: \n, \r, \t, \\ and \x03 for any ASCII character. Returns a
 * sentence about the first invalid one.
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
