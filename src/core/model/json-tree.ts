import { createScanner, parseTree, type Node, type ParseError } from 'jsonc-parser';

/**
 * No field of model.json is nested deeper, and far deeper values overflow the stack of any parser.
 */
export const deepest = 64;

/**
 * The JSON tree of a text, with comments and trailing commas allowed; of broken text, its readable
 * part. Undefined when there is none, or when it is nested too deeply.
 *
 * @param errors receives the parse errors
 */
export function jsonTree(text: string, errors: ParseError[] = []): Node | undefined {
  if (tooDeepAt(text) !== undefined) return undefined;
  const options = { allowTrailingComma: true, allowEmptyContent: true };
  return parseTree(withoutByteOrderMark(text), errors, options);
}

/**
 * Some editors on Windows begin a file with this mark, which other editors hide. Replacing it by a
 * blank keeps offsets.
 */
function withoutByteOrderMark(text: string): string {
  return text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
}

/** Offset of the first bracket that is nested too deeply. */
export function tooDeepAt(text: string): number | undefined {
  const scanner = createScanner(text, true);
  const closing: string[] = [];
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    if (offset >= text.length) return undefined;
    switch (text[offset]) {
      case '{':
        closing.push('}');
        break;
      case '[':
        closing.push(']');
        break;
      // A bracket of the other kind closes nothing: a recovering parser skips it.
      case closing.at(-1):
        closing.pop();
        break;
      default:
        break;
    }
    if (closing.length > deepest) return offset;
  }
}
