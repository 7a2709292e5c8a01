import { useState } from 'preact/hooks';
import type { LatencyScale } from '../../src/core/monitor/latency';
import type { SpokenToken } from '../../src/core/monitor/speech';
import { tokenFacts } from './token-facts';

export interface TokenTextProps {
  tokens: readonly SpokenToken[];
  scale: LatencyScale;
  /** Index of the first token that the host says otherwise. */
  differsAt: number | undefined;
  /** Place of the token that is pointed at, with the mouse or the arrow keys; undefined: none. */
  onPoint: (place: number | undefined) => void;
}

/** Where keys of the token text lead, from one place among so many. */
const moves: Record<string, (from: number, last: number) => number> = {
  ArrowRight: (from) => from + 1,
  ArrowLeft: (from) => from - 1,
  Home: () => 0,
  End: (_, last) => last,
};

/** Tokens as text, each shaded by its latency. */
export function TokenText({ tokens, scale, differsAt, onPoint }: TokenTextProps) {
  const [focused, focus] = useState<number>();
  const point = (place: number | undefined) => {
    focus(place);
    onPoint(place);
  };
  const walk = (event: KeyboardEvent) => {
    const move = moves[event.key];
    if (!move || tokens.length === 0) return;
    event.preventDefault();
    const last = tokens.length - 1;
    point(Math.min(last, Math.max(0, move(focused ?? -1, last))));
  };
  return (
    <span
      class="tokens"
      tabIndex={tokens.length > 0 ? 0 : -1}
      role="group"
      aria-label="Tokens: the arrow keys go from one to the next"
      onKeyDown={walk}
      onFocus={(event) => event.currentTarget.matches(':focus-visible') && point(focused ?? 0)}
      onBlur={() => point(undefined)}
      onMouseLeave={() => onPoint(focused)}
    >
      {tokens.map((token, place) => {
        const marks = `${token.index === differsAt ? ' differs' : ''}${place === focused ? ' focused' : ''}`;
        return (
          <span
            key={token.index}
            class={`token step-${scale.stepOf(token)}${marks}`}
            title={tokenFacts(token)}
            onMouseEnter={() => onPoint(place)}
          >
            {token.text}
          </span>
        );
      })}
    </span>
  );
}
