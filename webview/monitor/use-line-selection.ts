import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { joinedLines, type CopiedLine } from '../../src/core/monitor/line-joining';

/** A position in a line: its number, and the characters of its text before the position. */
interface Place {
  number: number;
  offset: number;
}

/** The selection: numbers of the lines at both ends, or all lines. */
export type LineSelection = { first: number; last: number } | 'all' | undefined;

export interface LineSelectionOptions {
  /** The element whose children are the rows: `.line` with `data-number`, its text in `.text`. */
  rows: RefObject<HTMLElement | null>;
  /** The lines from one number to another, both included. */
  linesOf: (first: number, last: number) => CopiedLine[];
  /** Text of the whole list, as shown. */
  allText: () => string;
}

/**
 * Selection over rows of which only some are in the document. The rows at its ends must stay there;
 * the text to copy comes from the lines, not from the rows.
 */
export function useLineSelection(options: LineSelectionOptions): {
  selection: LineSelection;
  selectAll: () => void;
  selectNothing: () => void;
} {
  const { rows, linesOf, allText } = options;
  const [selection, select] = useState<LineSelection>();
  useEffect(() => {
    const look = () => select((before) => selectionIn(rows.current, before));
    document.addEventListener('selectionchange', look);
    return () => document.removeEventListener('selectionchange', look);
  }, [rows]);
  useEffect(() => {
    const element = rows.current;
    const copy = (event: ClipboardEvent) => {
      const text = selection === 'all' ? allText() : selectedText(element, linesOf);
      if (text === undefined) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', text);
    };
    element?.addEventListener('copy', copy);
    return () => element?.removeEventListener('copy', copy);
  }, [rows, selection, linesOf, allText]);
  useLayoutEffect(() => {
    // Select rows that were added since, too.
    if (selection === 'all' && rows.current) getSelection()?.selectAllChildren(rows.current);
  });
  const selectNothing = () => {
    getSelection()?.removeAllRanges();
    // The browser reports the change later.
    select(undefined);
  };
  return { selection, selectAll: () => select('all'), selectNothing };
}

function selectionIn(rows: HTMLElement | null, before: LineSelection): LineSelection {
  const selected = getSelection();
  if (!rows || !selected || selected.isCollapsed || !rows.contains(selected.anchorNode)) {
    return undefined;
  }
  // When all rows are selected, the anchor is their parent.
  if (before === 'all' && selected.anchorNode === rows) return before;
  const anchor = numberOf(selected.anchorNode);
  const focus = numberOf(selected.focusNode) ?? anchor;
  if (anchor === undefined || focus === undefined) return undefined;
  const [first, last] = anchor < focus ? [anchor, focus] : [focus, anchor];
  const isSame = typeof before === 'object' && before.first === first && before.last === last;
  return isSame ? before : { first, last };
}

/** The text to copy; undefined within one line, which the browser can copy itself. */
function selectedText(
  rows: HTMLElement | null,
  linesOf: LineSelectionOptions['linesOf'],
): string | undefined {
  const selected = getSelection();
  if (!rows || !selected || selected.rangeCount === 0) return undefined;
  const range = selected.getRangeAt(0);
  const from = placeOf(range.startContainer, range.startOffset);
  const to = placeOf(range.endContainer, range.endOffset);
  if (!from || !to || from.number >= to.number) return undefined;
  const lines = linesOf(from.number, to.number);
  const first = lines[0];
  const last = lines.at(-1);
  if (last) last.text = last.text.slice(0, to.offset);
  if (first) first.text = first.text.slice(from.offset);
  return joinedLines(lines);
}

function rowOf(node: Node | null): HTMLElement | null {
  const element = node instanceof Element ? node : node?.parentElement;
  return element?.closest<HTMLElement>('.line') ?? null;
}

function numberOf(node: Node | null): number | undefined {
  const number = rowOf(node)?.dataset.number;
  return number === undefined ? undefined : Number(number);
}

function placeOf(node: Node, offset: number): Place | undefined {
  const number = numberOf(node);
  const text = rowOf(node)?.querySelector('.text');
  if (number === undefined || !text) return undefined;
  const before = document.createRange();
  before.selectNodeContents(text);
  // A node before the text, such as the time, counts as its start; a node behind it as its end.
  if (before.comparePoint(node, offset) < 0) return { number, offset: 0 };
  if (text.contains(node)) before.setEnd(node, offset);
  return { number, offset: before.toString().length };
}
