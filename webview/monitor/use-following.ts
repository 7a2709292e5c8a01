import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** How near the end counts as being there, in CSS pixels. */
const nearEnd = 40;

export interface FollowingOptions {
  scroller: RefObject<HTMLElement | null>;
  /** Change whenever what is in the view may be of another height. */
  changes: readonly unknown[];
  /** Something in the view is looked at: it stays where it is. */
  isHeld: boolean;
}

/** A view that stays at its end, whatever comes, until somebody scrolls away from it. */
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
    // What is hidden has no height, and is not scrolled by anybody.
    if (!element || element.clientHeight === 0) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    setFollows(scrollHeight - scrollTop - clientHeight < nearEnd);
  };
  return { follows, scrolled, follow: () => setFollows(true) };
}
