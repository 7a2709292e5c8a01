import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import type { Speech } from '../../src/core/monitor/speech';
import { destination } from './token-moves';
import { isSamePlace, placeOf, type TokenPlace } from './token-place';

/**
 * Which token the user points at, with the mouse or the arrow keys. All tokens are one stop of the
 * Tab key: the last one walked to, else one in the last generation.
 */
export function useTokenPointing(scroller: RefObject<HTMLElement | null>, speech: Speech) {
  const [hovered, setHovered] = useState<TokenPlace>();
  const [walked, setWalked] = useState<TokenPlace>();
  const [isWalking, setIsWalking] = useState(false);
  const stop = stopOf(speech, walked);
  const hover = (place: TokenPlace | undefined) =>
    setHovered((before) => (isSamePlace(before, place) ? before : place));
  /** The keyboard continues from its own position, wherever the mouse is. */
  const setOut = () => {
    setHovered(undefined);
    setIsWalking(true);
  };
  const walk = (event: KeyboardEvent) => {
    const element = scroller.current;
    if (!element || !stop || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof Element) || !event.target.matches('.tokens')) return;
    const from = event.target.querySelector(`.token[data-index="${stop.index}"]`);
    const tokens = [...element.querySelectorAll('.tokens > .token')];
    const to = from && destination(event.key, tokens, from, element.clientHeight);
    if (!to) return;
    event.preventDefault();
    setWalked(placeOf(to));
    setOut();
    const group = to.parentElement;
    if (group !== event.target) group?.focus({ preventScroll: true });
    to.scrollIntoView({ block: 'nearest' });
  };
  return {
    pointed: hovered ?? (isWalking ? stop : undefined),
    focused: isWalking ? stop : undefined,
    stop,
    handlers: {
      onMouseOver: ({ target }: MouseEvent) =>
        hover(target instanceof Element ? placeOf(target) : undefined),
      onMouseLeave: () => hover(undefined),
      onKeyDown: walk,
      onFocusIn: ({ target }: FocusEvent) => {
        if (target instanceof Element && target.matches('.tokens:focus-visible')) setOut();
      },
      onFocusOut: () => setIsWalking(false),
    },
  };
}

/** The token that the Tab key leads to. */
function stopOf(speech: Speech, walked: TokenPlace | undefined): TokenPlace | undefined {
  const isKept = speech.some(
    ({ number, tokens }) =>
      number === walked?.generation && tokens.some(({ index }) => index === walked.index),
  );
  if (isKept) return walked;
  const last = speech.findLast(({ tokens }) => tokens.length > 0);
  const [first] = last?.tokens ?? [];
  return last && first && { generation: last.number, index: first.index };
}
