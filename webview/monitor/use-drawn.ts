import { useEffect } from 'preact/hooks';

/** Milliseconds after which a page that is not shown counts as drawn. */
const patience = 250;

/**
 * Calls back when the rendering of a version is on the screen. A hidden page paints nothing, yet
 * must keep receiving the board's output.
 */
export function useDrawn(version: number, drawn: () => void): void {
  useEffect(() => {
    if (version === 0) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      drawn();
    };
    // The callback runs before the browser paints the frame; the timer runs after it.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(end);
    });
    const late = setTimeout(end, patience);
    return () => {
      // A newer version is drawn instead; its callback answers for this one too.
      isOver = true;
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      clearTimeout(late);
    };
  }, [version, drawn]);
}
