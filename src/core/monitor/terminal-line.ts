import type { Piece } from './piece';
import { lookOf, penAfter, sgrOf, type Pen } from './terminal-colors';

/** Without any of these characters a line is plain text, apart from tabs. */
const special =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** A sequence for terminals: CSI with its parameters and its final letter, OSC, or a short one. */
const sequence =
  /\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|[=>78DEHMNOZc])/y;

/** The beginning of a sequence whose rest is still on the way. */
const unfinished = /\x1b(?:\[[0-?]*[ -/]*)?$/y;

/** Columns that sequences may move to. */
const widest = 2000;

interface Cell {
  /** Text as shown. */
  text: string;
  look: string;
  /** Text as received, and its style. */
  raw: string;
  pen: Pen;
}

/** The state of a line on a terminal. */
interface Screen {
  cells: Cell[];
  column: number;
  pen: Pen;
  /** The beginning of a sequence whose rest is still on the way. */
  pending: string;
}

const blank: Cell = { text: ' ', look: '', raw: ' ', pen: {} };

/**
 * A line as a terminal would show it: with colours and other styles, without overwritten text, and
 * with invisible characters spelt out.
 *
 * @param line without its line feed
 */
export function terminalPieces(line: string): Piece[] {
  if (!special.test(line)) return line === '' ? [] : [{ text: line, look: '' }];
  return together(play(line).cells);
}

/**
 * The shortest line that a terminal shows in the same way, whatever follows: without overwritten
 * text. A status line that is rewritten for hours is reduced to one state.
 */
export function collapsedLine(line: string): string {
  if (!special.test(line)) return line;
  const { cells, column, pen, pending } = play(line);
  let collapsed = '';
  let before: Pen = {};
  for (const cell of cells) {
    if (sgrOf(cell.pen) !== sgrOf(before)) collapsed += sgrOf(cell.pen);
    before = cell.pen;
    collapsed += cell.raw;
  }
  if (sgrOf(pen) !== sgrOf(before)) collapsed += sgrOf(pen);
  if (column !== cells.length) collapsed += column === 0 ? '\r' : `\x1b[${column + 1}G`;
  return collapsed + pending;
}

/** Processes a line as a terminal does. */
function play(line: string): Screen {
  const cells: Cell[] = [];
  let column = 0;
  let pen: Pen = {};
  let look = '';
  const write = (text: string, as: string, raw: string) => {
    while (cells.length < column) cells.push(blank);
    cells[column++] = { text, look: as, raw, pen };
  };
  const obey = (parameters: string, final: string) => {
    const count = Math.min(widest, Math.max(1, Number(parameters) || 1));
    if (final === 'm') {
      pen = penAfter(pen, parameters);
      look = lookOf(pen);
    } else if (final === 'C') column = Math.min(widest, column + count);
    else if (final === 'D') column = Math.max(0, column - count);
    else if (final === 'G') column = count - 1;
    else if (final === 'K' || final === 'J') erase(cells, column, parameters);
  };
  for (let at = 0; at < line.length;) {
    const character = String.fromCodePoint(line.codePointAt(at) ?? 0);
    if (character === '\r') column = 0;
    else if (character === '\b') column = Math.max(0, column - 1);
    else if (character === '\x1b') {
      sequence.lastIndex = unfinished.lastIndex = at;
      const found = sequence.exec(line);
      if (found) {
        const [whole, parameters = '', final = ''] = found;
        obey(parameters, final);
        at += whole.length;
        continue;
      }
      if (unfinished.test(line)) return { cells, column, pen, pending: line.slice(at) };
      write(spelt(character), 'control', character);
    } else if (character !== '\t' && special.test(character)) {
      write(spelt(character), 'control', character);
    } else write(character, look, character);
    at += character.length;
  }
  return { cells, column, pen, pending: '' };
}

/** The readable text of a line, without colours. */
export function visibleText(line: string): string {
  if (!special.test(line)) return line;
  return terminalPieces(line)
    .map(({ text }) => text)
    .join('');
}

/** To the end of the line; to its beginning (1); or all of it (2). */
function erase(cells: Cell[], column: number, parameters: string): void {
  if (parameters === '1') {
    const end = Math.min(column + 1, cells.length);
    cells.fill(blank, 0, end);
  } else {
    cells.length = parameters === '2' || parameters === '3' ? 0 : Math.min(column, cells.length);
  }
}

/** A character that would not be seen, as programmers write it. */
function spelt(character: string): string {
  const code = character.charCodeAt(0);
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
}

/** Neighbours of one look become one piece. */
function together(cells: readonly Cell[]): Piece[] {
  const pieces: Piece[] = [];
  for (const { text, look } of cells) {
    const last = pieces.at(-1);
    if (last?.look === look) last.text += text;
    else pieces.push({ text, look });
  }
  return pieces;
}
