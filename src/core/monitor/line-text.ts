import type { Line } from './line-log';
import type { Piece } from './piece';
import { recordText } from './record-text';
import { terminalPieces, visibleText } from './terminal-line';
import { valuePieces } from './value-pieces';

/** A line as shown. @param pretty records in words, else as received */
export function linePieces(line: Line, pretty: boolean): Piece[] {
  const { kind, text, record } = line;
  if (kind === 'text') return terminalPieces(text);
  if (record) return valuePieces(pretty ? recordText(record) : text);
  return [{ text: visibleText(text), look: '' }];
}

/** The text of a line without its looks, which is quicker. */
export function lineText(line: Line, pretty: boolean): string {
  return pretty && line.record ? recordText(line.record) : visibleText(line.text);
}
