import { useEffect } from 'preact/hooks';

/** Milliseconds after which a page that is not shown counts as drawn. */
const patience = 250;

/**
 * Calls back when what was rendered for a version is on the screen. A page that nobody sees paints
 * nothing, and is to hear what the board says all the same.
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
    // Called before the frame is painted; the timer runs once it is.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(end);
    });
    const late = setTimeout(end, patience);
    return () => {
      // A newer version is drawn instead; it answers for this one too.
      isOver = true;
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      clearTimeout(late);
    };
  }, [version, drawn]);
}
