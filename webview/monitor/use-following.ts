import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** How near the end counts as being there, in CSS pixels. */
const nearEnd = 40;

export interface FollowingOptions {
  scroller: RefObject<HTMLElement | null>;
  /** Values that change whenever the height of the content may change. */
  changes: readonly unknown[];
  /** The user looks at something in the view: keep it in place. */
  isHeld: boolean;
}

/** Keeps a view at its end, whatever comes, until the user scrolls away from it. */
export function useFollowing({ scroller, changes, isHeld }: FollowingOptions) {
  const [follows, setFollows] = useState(true);
  const isFollowing = follows && !isHeld;
  const latest = useRef(isFollowing);
  latest.current = isFollowing;
  const toEnd = () => {
    const element = scroller.current;
    if (element && latest.current) element.scrollTop = element.scrollHeight;
  };
  useEffect(toEnd, [...changes, isFollowing]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(toEnd);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const scrolled = () => {
    const element = scroller.current;
    // A hidden element has no height, and the user cannot scroll it.
    if (!element || element.clientHeight === 0) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    setFollows(scrollHeight - scrollTop - clientHeight < nearEnd);
  };
  return { follows, scrolled, follow: () => setFollows(true) };
}
