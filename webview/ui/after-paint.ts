import { useEffect, useState } from 'preact/hooks';

/**
 * The value as it was when the last frame was painted: what takes long to render follows it, so that
 * what must be quick is painted first.
 */
export function useAfterPaint<T>(value: T): T {
  const [painted, setPainted] = useState(value);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Called before the frame is painted; the timer runs once it is.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setPainted(() => value));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [value]);
  return painted;
}
