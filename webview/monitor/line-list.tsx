import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Line } from '../../src/core/monitor/line-log';
import { Button } from '../ui/toolkit';

/** Height of a row in CSS pixels: the style sheet has the same. */
const rowHeight = 20;
/** Rows that are drawn beyond both ends of what is seen. */
const margin = 20;
const nearEnd = 2 * rowHeight;

export interface LineListProps {
  count: number;
  /** Grows whenever lines come or go. */
  version: number;
  lineAt: (index: number) => Line | undefined;
  keyAt: (index: number) => number;
  textOf: (line: Line) => string;
  timestamps: boolean;
}

/** Any number of lines, of which those are drawn that are seen. It follows the end until scrolled. */
export function LineList({ count, version, lineAt, keyAt, textOf, timestamps }: LineListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 400 });
  const [follows, setFollows] = useState(true);
  const look = () => {
    const element = scroller.current;
    if (element) setSeen({ top: element.scrollTop, height: element.clientHeight });
  };
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && follows) element.scrollTop = element.scrollHeight;
    look();
  }, [version, count, follows]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(seen.top / rowHeight) - margin);
  const last = Math.min(count, Math.ceil((seen.top + seen.height) / rowHeight) + margin);
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  return (
    <div class="list">
      <div
        class="lines"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label="Serial lines"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          setFollows(scrollHeight - scrollTop - clientHeight < nearEnd);
          look();
        }}
      >
        <div class="all" style={{ height: `${count * rowHeight}px` }}>
          {rows.map((index) => {
            const line = lineAt(index);
            if (!line) return null;
            return (
              <div
                key={keyAt(index)}
                class={`line ${line.kind}`}
                style={{ transform: `translateY(${index * rowHeight}px)` }}
              >
                {timestamps && <span class="time">{timeOf(line.at)}</span>}
                <span class="text">{textOf(line)}</span>
              </div>
            );
          })}
        </div>
      </div>
      {!follows && (
        <span class="to-end">
          <Button appearance="primary" onClick={() => setFollows(true)}>
            Go to the end
          </Button>
        </span>
      )}
    </div>
  );
}

/** Local time with milliseconds. */
function timeOf(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}
