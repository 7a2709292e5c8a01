import { useRef } from 'preact/hooks';
import { step, type Walk } from '../../src/core/monitor/prompt-history';

/** Recalls what the user sent before, with the arrow keys. */
export function useHistory(
  history: readonly string[],
  typed: string,
  show: (text: string) => void,
): {
  /** Returns whether it has handled the key. */
  recall: (event: KeyboardEvent) => boolean;
  /** Ends the walk: the text typed now begins a new one. */
  leave: () => void;
} {
  const walk = useRef<Walk | undefined>(undefined);
  return {
    recall(event) {
      const direction = { ArrowUp: -1 as const, ArrowDown: 1 as const }[event.key];
      const box = event.target;
      if (direction === undefined || event.shiftKey || event.altKey || event.isComposing)
        return false;
      if (!(box instanceof HTMLInputElement || box instanceof HTMLTextAreaElement)) return false;
      // A text may have several lines, or wrap: leave the arrow keys to the box except at its ends.
      const { value, selectionStart, selectionEnd } = box;
      const ends = walk.current ? [0, value.length] : [direction < 0 ? 0 : value.length];
      const isAtEnd = selectionStart === selectionEnd && ends.includes(selectionEnd ?? 0);
      if (box instanceof HTMLTextAreaElement && !isAtEnd) return false;
      const from = walk.current ?? { place: history.length, typed };
      const next = step(history, from, direction);
      if (!next) return false;
      event.preventDefault();
      walk.current = next.walk;
      show(next.text);
      return true;
    },
    leave: () => (walk.current = undefined),
  };
}
