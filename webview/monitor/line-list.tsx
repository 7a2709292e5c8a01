import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ShownLines } from '../../src/core/monitor/shown-lines';
import { grouped } from '../../src/core/text';
import { Button } from '../ui/toolkit';
import { useLineSelection } from './use-line-selection';

/** Rows that are drawn beyond both ends of what is seen. */
const margin = 20;
/** How near the end counts as being there, in rows. */
const nearEnd = 1.5;
/** Height of a row in CSS pixels until it is measured. */
const usualHeight = 18;

export interface LineListProps {
  lines: ShownLines;
  /** Changes whenever lines come or go. */
  version: unknown;
  /** Changes when other lines are shown than before. */
  filter: unknown;
  /** The row of a line, `top` CSS pixels below the first one. */
  row: (index: number, top: number) => ComponentChildren;
  /** Text of a line, as it is copied from a selection. */
  textAt: (index: number) => string;
  /** Everything, as it is shown. */
  allText: () => string;
}

/** What of the list is seen. */
interface View {
  top: number;
  height: number;
  rowHeight: number;
}

/** Any number of lines, of which those are drawn that are seen. It follows the end until scrolled. */
export function LineList({ lines, version, filter, row, textAt, allText }: LineListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ top: 0, height: 400, rowHeight: usualHeight });
  const [follows, setFollows] = useState(true);
  /** Lines that had gone at the last rendering, and the end as it was when it was last followed. */
  const past = useRef({ gone: lines.gone, end: 0 });
  const { selection, selectAll, selectNothing } = useLineSelection({
    rows,
    textsOf: (first, last) => {
      const texts: string[] = [];
      const end = lines.indexOf(last + 1);
      for (let index = lines.indexOf(first); index < end; index++) texts.push(textAt(index));
      return texts;
    },
    allText,
  });

  const look = () => {
    const element = scroller.current;
    if (!element) return;
    const rowHeight = parseFloat(getComputedStyle(element).lineHeight) || usualHeight;
    const { scrollTop: top, clientHeight: height } = element;
    setView((before) =>
      before.top === top && before.height === height && before.rowHeight === rowHeight
        ? before
        : { top, height, rowHeight },
    );
  };
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const { gone, count } = lines;
    if (follows) {
      element.scrollTop = element.scrollHeight;
      past.current.end = gone + count;
    } else {
      // Lines that have gone take their place with them.
      element.scrollTop -= (gone - past.current.gone) * view.rowHeight;
    }
    past.current.gone = gone;
    look();
  }, [version, lines, lines.count, follows, view.height, view.rowHeight]);
  useLayoutEffect(() => {
    // Other lines: the end of them is what is new.
    past.current = { gone: lines.gone, end: lines.gone + lines.count };
    setFollows(true);
  }, [filter]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    // Who selects is reading.
    if (selection) setFollows(false);
  }, [selection]);

  const scrolled = () => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const below = scrollHeight - scrollTop - clientHeight;
    if (below < nearEnd * view.rowHeight) setFollows(!selection);
    else if (scrollTop < view.top) setFollows(false);
    look();
  };

  const { count } = lines;
  const { rowHeight } = view;
  const first = Math.max(0, Math.floor(view.top / rowHeight) - margin);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + margin);
  const fresh = lines.gone + count - past.current.end;
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
              setFollows(true);
            }}
          >
            {fresh > 0 ? `Jump to end (${grouped(fresh)} new)` : 'Jump to end'}
          </Button>
        </span>
      )}
    </div>
  );
}

/** Indices of the rows that have to be in the document, ascending. */
function drawn(
  first: number,
  last: number,
  selection: ReturnType<typeof useLineSelection>['selection'],
  lines: ShownLines,
): number[] {
  const indices = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  if (typeof selection !== 'object') return indices;
  // A selection needs the rows at its ends.
  for (const number of [selection.first, selection.last]) {
    const index = lines.indexOf(number);
    const isThere = index < lines.count && lines.numberAt(index) === number;
    if (isThere && !indices.includes(index)) indices.push(index);
  }
  return indices.sort((a, b) => a - b);
}
