/** Text of a file without the mark of its byte order, which JSON has no place for. */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/**
 * Whether a text that was read as UTF-8 is UTF-16: its byte order mark is invalid in UTF-8, and
 * without one every other byte of a JSON text's beginning is zero.
 */
export function isUtf16(text: string): boolean {
  return text.startsWith('\ufffd\ufffd') || text.slice(0, 2).includes('\0');
}
