import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ShownLines } from '../../src/core/monitor/shown-lines';
import type { LineSelection } from './use-line-selection';

/** How near the end counts as being there, in rows. */
const nearEnd = 1.5;
/** Height of a row in CSS pixels until it is measured. */
const usualHeight = 18;

/** The visible part of the list. */
export interface View {
  top: number;
  height: number;
  rowHeight: number;
}

export interface ScrollingOptions {
  scroller: RefObject<HTMLElement | null>;
  /** Another object when the filter is another. */
  lines: ShownLines;
  /** Changes whenever lines come or go. */
  version: unknown;
  /** Number that the next line will get. */
  end: number;
  /** The filter has tested every line. */
  isWhole: boolean;
  /** A hidden element cannot be measured. */
  isShown: boolean;
  selection: LineSelection;
}

/** The line to keep in place: its number, and the CSS pixels from the top of the view to it. */
interface Anchor {
  number: number;
  below: number;
}

/**
 * Scroll position of a list of lines. It follows the end until the user scrolls or selects; then it
 * keeps a line in place, whatever lines come, go or are filtered.
 */
export function useScrolling(options: ScrollingOptions) {
  const { scroller, lines, version, end, isWhole, isShown, selection } = options;
  const [view, setView] = useState<View>({ top: 0, height: 400, rowHeight: usualHeight });
  const [follows, setFollows] = useState(true);
  const { rowHeight } = view;
  const anchor = useRef<Anchor>({ number: 0, below: 0 });
  /** The lines and scroll position last seen here; undefined while they are hidden. */
  const known = useRef<{ lines: ShownLines; top: number } | undefined>(undefined);
  /** `end` when the list last followed it. */
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
  /** Makes the line at the top the anchor; keeps the old anchor where there is no such line. */
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
      // The scroll event of the user's last move may still be on its way.
      const untold = known.current?.lines === lines ? element.scrollTop - known.current.top : 0;
      const { number, below } = anchor.current;
      const index = nearest(lines, number);
      const isThere = lines.numberAt(index) === number;
      element.scrollTop = index * rowHeight - (isThere ? below : Math.max(0, below)) + untold;
      const top = element.scrollTop - untold;
      known.current = { lines, top };
      // Until then the filter may find a nearer line.
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
    // A user who selects is reading.
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
    // The scroll event reports a position that was set here.
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
