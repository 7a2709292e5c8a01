const newline = 0x0a;

/** Length of a document of running text: more than any context of the models made here. */
const runningBytes = 2048;

/**
 * Cuts normalised text into documents, which are views into it, without the blank lines around
 * them. Documents end at lines equal to `separator`. Text without such a line is running text: it
 * is cut into documents of 1 to 2 KB, at a blank line if there is one there, else at the end of a
 * line, else at a space, else between any two characters.
 */
export function splitDocuments(text: Buffer, separator: string): Buffer[] {
  const parts = separator === '' ? [text] : splitAtLines(text, Buffer.from(separator));
  const documents = parts.length > 1 ? parts : splitRunningText(text);
  return documents.map(trimNewlines).filter((document) => document.length > 0);
}

/**
 * Drops the document that a limit on the bytes has cut in two, if the text has more than that one.
 */
export function withoutCutDocument(text: Buffer, separator: string): Buffer {
  const lines = separator === '' ? -1 : text.lastIndexOf(`\n${separator}\n`);
  const end = lines >= 0 ? lines + separator.length + 2 : text.lastIndexOf('\n') + 1;
  return end > 0 ? text.subarray(0, end) : text;
}

function splitAtLines(text: Buffer, separator: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  let from = 0;
  for (;;) {
    const at = text.indexOf(separator, from);
    if (at < 0) break;
    const end = at + separator.length;
    const wholeLine =
      (at === 0 || text[at - 1] === newline) && (end === text.length || text[end] === newline);
    if (wholeLine) {
      parts.push(text.subarray(start, at));
      start = end;
    }
    from = end;
  }
  parts.push(text.subarray(start));
  return parts;
}

function splitRunningText(text: Buffer): Buffer[] {
  const documents: Buffer[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.length - start <= runningBytes ? text.length : goodEnd(text, start);
    documents.push(text.subarray(start, end));
    start = end;
  }
  return documents;
}

/** The best place to end a document that begins at `start`, after at most 2 KB. */
function goodEnd(text: Buffer, start: number): number {
  const reach = text.subarray(start, start + runningBytes);
  for (const mark of ['\n\n', '\n', ' ']) {
    const at = reach.lastIndexOf(mark);
    // Earlier ends would make crumbs, of every heading for one.
    if (at >= runningBytes / 2) return start + at + mark.length;
  }
  // Not within a UTF-8 character: back to its first byte.
  let end = start + runningBytes;
  while (end > start + 1 && ((text[end] ?? 0) & 0xc0) === 0x80) end--;
  return end;
}

function trimNewlines(text: Buffer): Buffer {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === newline) start++;
  while (end > start && text[end - 1] === newline) end--;
  return text.subarray(start, end);
}
