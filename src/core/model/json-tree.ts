import { createScanner, parseTree, type Node, type ParseError } from 'jsonc-parser';

/** Deeper values mean nothing here, and far deeper ones overflow the stack of any parser. */
export const deepest = 64;

/**
 * The JSON of a text, comments and trailing commas accepted; as much of it as can be read when it is
 * broken. Undefined when there is none, or when it is nested too deeply.
 *
 * @param errors are added to
 */
export function jsonTree(text: string, errors: ParseError[] = []): Node | undefined {
  if (tooDeepAt(text) !== undefined) return undefined;
  return parseTree(text, errors, { allowTrailingComma: true });
}

/** Offset of the first bracket that is nested too deeply. */
export function tooDeepAt(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    if (offset >= text.length) return undefined;
    switch (text[offset]) {
      case '{':
      case '[':
        if (++depth > deepest) return offset;
        break;
      case '}':
      case ']':
        depth--;
        break;
    }
  }
}
