import { useState } from 'preact/hooks';
import type { SpokenToken } from '../../src/core/monitor/speech';
import { grouped } from '../../src/core/text';

export interface TokenTextProps {
  tokens: readonly SpokenToken[];
  /** Step of a latency, for its shade. */
  stepOf: (latency: number) => number;
  /** Index of the first token that the host says otherwise. */
  differsAt: number | undefined;
  /** A token is pointed at, with the mouse or the arrow keys; undefined: none any more. */
  onPoint: (index: number | undefined) => void;
}

/** Tokens as text, each shaded by its latency. */
export function TokenText({ tokens, stepOf, differsAt, onPoint }: TokenTextProps) {
  const [focused, focus] = useState<number>();
  const point = (index: number | undefined) => {
    focus(index);
    onPoint(index);
  };
  const walk = (event: KeyboardEvent) => {
    const direction = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (direction === undefined || tokens.length === 0) return;
    event.preventDefault();
    point(Math.min(tokens.length - 1, Math.max(0, (focused ?? -1) + direction)));
  };
  return (
    <span
      class="tokens"
      tabIndex={tokens.length > 0 ? 0 : -1}
      role="group"
      aria-label="Tokens: the arrow keys go from one to the next"
      onKeyDown={walk}
      onBlur={() => point(undefined)}
      onMouseLeave={() => onPoint(undefined)}
    >
      {tokens.map((token, index) => {
        const marks = `${index === differsAt ? ' differs' : ''}${index === focused ? ' focused' : ''}`;
        return (
          <span
            key={index}
            class={`token step-${stepOf(token.latency)}${marks}`}
            title={titleOf(token)}
            onMouseEnter={() => onPoint(index)}
          >
            {token.text}
          </span>
        );
      })}
    </span>
  );
}

function titleOf({ id, latency, rank }: SpokenToken): string {
  const place = rank === undefined ? '' : `, rank ${rank}`;
  return `id ${id}, ${grouped(latency)} µs${place}`;
}
