const newline = 0x0a;
const space = 0x20;
const tab = 0x09;

/** Length of a document of running text: more than any context of the models made here. */
const runningBytes = 2048;

/** A text split into documents, with counts of its separators. */
export interface CutText {
  documents: Buffer[];
  separators: SeparatorCounts;
}

export interface SeparatorCounts {
  /** On lines of their own. */
  alone: number;
  /** Separators that share their line with other text, and so separate nothing. */
  withinLines: number;
}

/**
 * Splits normalised text into documents, which are views into it, without the blank lines around
 * them. Documents end at lines that hold `separator` and nothing behind it but white space. Text
 * without such a line is running text: it is split into documents of 1 to 2 KB, at a blank line if
 * there is one there, else at the end of a line, else at a space, else between any two characters.
 */
export function splitDocuments(text: Buffer, separator: string): CutText {
  const { lines, withinLines } = findSeparators(text, separator);
  const documents = lines.length > 0 ? partsBetween(text, lines) : splitRunningText(text);
  return {
    documents: documents.map(trimNewlines).filter((document) => document.length > 0),
    separators: { alone: lines.length, withinLines },
  };
}

/**
 * Drops the document that a limit on the bytes has cut in two, if the text has more than that one.
 */
export function withoutCutDocument(text: Buffer, separator: string): Buffer {
  // A separator at the very end may be cut itself.
  const last = findSeparators(text, separator).lines.findLast(({ end }) => end < text.length);
  const end = last ? last.end : text.lastIndexOf('\n') + 1;
  return end > 0 ? text.subarray(0, end) : text;
}

/** A separator with the white space behind it. */
interface SeparatorLine {
  start: number;
  end: number;
}

function findSeparators(
  text: Buffer,
  separator: string,
): { lines: SeparatorLine[]; withinLines: number } {
  // Keep a separator of white space alone as it is: trimmed, every blank line would match.
  const mark = Buffer.from(separator.replace(/[ \t]+$/, '') || separator);
  const lines: SeparatorLine[] = [];
  let withinLines = 0;
  for (let start = text.indexOf(mark); start >= 0;) {
    let end = start + mark.length;
    while (text[end] === space || text[end] === tab) end++;
    const isAlone =
      (start === 0 || text[start - 1] === newline) &&
      (end === text.length || text[end] === newline);
    if (isAlone) lines.push({ start, end });
    else withinLines++;
    start = text.indexOf(mark, start + mark.length);
  }
  return { lines, withinLines };
}

function partsBetween(text: Buffer, lines: readonly SeparatorLine[]): Buffer[] {
  const starts = [0, ...lines.map(({ end }) => end)];
  const ends = [...lines.map(({ start }) => start), text.length];
  return starts.map((start, i) => text.subarray(start, ends[i]));
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
  // Do not split a UTF-8 character: go back to its first byte.
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
