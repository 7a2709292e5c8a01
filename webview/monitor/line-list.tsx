import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { CopiedLine } from '../../src/core/monitor/line-joining';
import type { ShownLines } from '../../src/core/monitor/shown-lines';
import { grouped } from '../../src/core/text';
import { Button } from '../ui/toolkit';
import { useLineSelection, type LineSelection } from './use-line-selection';
import { useScrolling } from './use-scrolling';

/** Rows to draw beyond both ends of the visible part. */
const margin = 20;

export interface LineListProps {
  lines: ShownLines;
  /** Changes whenever lines come or go. */
  version: unknown;
  /** Number that the next line will get. */
  end: number;
  /** The filter has tested every line. */
  isWhole: boolean;
  isShown: boolean;
  /** Renders the row of a line, `top` CSS pixels below the first one. */
  row: (index: number, top: number) => ComponentChildren;
  /** Text of a line for the clipboard, when part of the list is selected. */
  lineAt: (index: number) => CopiedLine;
  /** Text of the whole list, as shown. */
  allText: () => string;
}

/** A list of any number of lines that draws only the visible ones. */
export function LineList(props: LineListProps) {
  const { lines, row, lineAt, allText } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const { selection, selectAll, selectNothing } = useLineSelection({
    rows,
    linesOf: (first, last) => {
      const copied: CopiedLine[] = [];
      const end = lines.indexOf(last + 1);
      for (let index = lines.indexOf(first); index < end; index++) copied.push(lineAt(index));
      return copied;
    },
    allText,
  });
  const { view, follows, fresh, scrolled, follow } = useScrolling({
    ...props,
    scroller,
    selection,
  });
  const { count } = lines;
  const { rowHeight } = view;
  const first = Math.max(0, Math.floor(view.top / rowHeight) - margin);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + margin);
  return (
    <div class="list">
      <div
        class="lines"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label="Serial lines"
        onScroll={scrolled}
        onKeyDown={(event) => {
          if (event.key !== 'a' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          selectAll();
        }}
      >
        <div class="all" ref={rows} style={{ height: `${count * rowHeight}px` }}>
          {drawn(first, last, selection, lines).map((index) => row(index, index * rowHeight))}
        </div>
      </div>
      {!follows && (
        <span class="to-end">
          <Button
            appearance="primary"
            onClick={() => {
              selectNothing();
              follow();
            }}
          >
            {fresh > 0 ? `Jump to end (${grouped(fresh)} new)` : 'Jump to end'}
          </Button>
        </span>
      )}
    </div>
  );
}

/** Indices of the rows that must be in the document, ascending. */
function drawn(first: number, last: number, selection: LineSelection, lines: ShownLines): number[] {
  const indices = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  if (typeof selection !== 'object') return indices;
  // The browser's selection needs the rows at its ends.
  for (const number of [selection.first, selection.last]) {
    const index = lines.indexOf(number);
    const isThere = index < lines.count && lines.numberAt(index) === number;
    if (isThere && !indices.includes(index)) indices.push(index);
  }
  return indices.sort((a, b) => a - b);
}
