import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ShownLines } from '../../src/core/monitor/shown-lines';
import type { LineSelection } from './use-line-selection';

/** How near the end counts as being there, in rows. */
const nearEnd = 1.5;
/** Height of a row in CSS pixels until it is measured. */
const usualHeight = 18;

/** What of the list is seen. */
export interface View {
  top: number;
  height: number;
  rowHeight: number;
}

export interface ScrollingOptions {
  scroller: RefObject<HTMLElement | null>;
  /** Others when the filter is another. */
  lines: ShownLines;
  /** Changes whenever lines come or go. */
  version: unknown;
  /** Number that the next line will have. */
  end: number;
  /** The filter has looked at every line. */
  isWhole: boolean;
  /** Nothing can be measured of what is hidden. */
  isShown: boolean;
  selection: LineSelection;
}

/** The line that is to stay where it is seen: its number, and CSS pixels from the top to it. */
interface Anchor {
  number: number;
  below: number;
}

/**
 * Where a list of lines is scrolled to. It follows the end until somebody scrolls or selects; then a
 * line stays where it is, whatever comes, goes or is filtered.
 */
export function useScrolling(options: ScrollingOptions) {
  const { scroller, lines, version, end, isWhole, isShown, selection } = options;
  const [view, setView] = useState<View>({ top: 0, height: 400, rowHeight: usualHeight });
  const [follows, setFollows] = useState(true);
  const { rowHeight } = view;
  const anchor = useRef<Anchor>({ number: 0, below: 0 });
  /** How far which lines are scrolled, as far as is known here; undefined while they are hidden. */
  const known = useRef<{ lines: ShownLines; top: number } | undefined>(undefined);
  /** The end when it was last followed. */
  const followed = useRef(0);

  const look = () => {
    const element = scroller.current;
    if (!element || element.clientHeight === 0) return;
    const rowHeight = parseFloat(getComputedStyle(element).lineHeight) || usualHeight;
    const { scrollTop: top, clientHeight: height } = element;
    setView((before) =>
      before.top === top && before.height === height && before.rowHeight === rowHeight
        ? before
        : { top, height, rowHeight },
    );
  };
  /** The line at the top becomes the anchor; where there is none, it stays what it was. */
  const hold = (top: number) => {
    const index = Math.floor(top / rowHeight);
    if (index >= lines.count) return;
    anchor.current = { number: lines.numberAt(index), below: index * rowHeight - top };
  };
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (!isShown) {
      known.current = undefined;
      return;
    }
    if (follows) {
      element.scrollTop = element.scrollHeight;
      followed.current = end;
      known.current = { lines, top: element.scrollTop };
      hold(element.scrollTop);
    } else {
      // What somebody has scrolled is told a moment later.
      const untold = known.current?.lines === lines ? element.scrollTop - known.current.top : 0;
      const { number, below } = anchor.current;
      const index = nearest(lines, number);
      const isThere = lines.numberAt(index) === number;
      element.scrollTop = index * rowHeight - (isThere ? below : Math.max(0, below)) + untold;
      const top = element.scrollTop - untold;
      known.current = { lines, top };
      // Until then one that is nearer may be found.
      if (isWhole && lines.count > 0) {
        anchor.current = { number: lines.numberAt(index), below: index * rowHeight - top };
      }
    }
    look();
  }, [version, lines, lines.count, isWhole, isShown, follows, view.height, rowHeight]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (!selection) return;
    // Who selects is reading.
    setFollows(false);
    if (selection === 'all' || !known.current) return;
    const below = lines.indexOf(selection.first) * rowHeight - known.current.top;
    if (below >= 0 && below < view.height) anchor.current = { number: selection.first, below };
  }, [selection]);

  const scrolled = () => {
    const element = scroller.current;
    if (!element || !known.current) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const by = scrollTop - known.current.top;
    // It was scrolled from here.
    if (by === 0) return;
    known.current.top = scrollTop;
    if (scrollHeight - scrollTop - clientHeight < nearEnd * rowHeight) setFollows(!selection);
    else if (by < 0) setFollows(false);
    hold(scrollTop);
    look();
  };
  /** Lines that have come since the end was followed. */
  const fresh = lines.count - lines.indexOf(followed.current);
  return { view, follows, fresh, scrolled, follow: () => setFollows(true) };
}

/** Index of the line of a number, or of the one nearest to it. */
function nearest(lines: ShownLines, number: number): number {
  const after = lines.indexOf(number);
  const before = after - 1;
  if (before < 0) return 0;
  if (after === lines.count) return before;
  const isAfter = lines.numberAt(after) - number <= number - lines.numberAt(before);
  return isAfter ? after : before;
}
