import { memo } from 'preact/compat';
import type { LatencyScale } from '../../src/core/monitor/latency';
import type { SpokenToken } from '../../src/core/monitor/speech';
import { tokenFacts } from './token-facts';
import { unseenMark } from './unseen-mark';

export interface TokenTextProps {
  /** Number of the generation. */
  generation: number;
  tokens: readonly SpokenToken[];
  scale: LatencyScale;
  /** Index of the first token in which the host differs. */
  differsAt: number | undefined;
  /** Index of the token that the user has walked to with the keyboard. */
  focused: number | undefined;
  /** The Tab key leads here. */
  isStop: boolean;
}

/** Tokens as text, each shaded by its latency. The parent keeps which one the user points at. */
export const TokenText = memo(function TokenText(props: TokenTextProps) {
  const { generation, tokens, scale, differsAt, focused, isStop } = props;
  return (
    <span
      class="tokens"
      data-generation={generation}
      tabIndex={isStop ? 0 : -1}
      role="group"
      aria-label="Tokens: the arrow keys go from one to the next"
    >
      {tokens.map((token) => {
        const { index, text } = token;
        const marks = `${index === differsAt ? ' differs' : ''}${index === focused ? ' focused' : ''}`;
        return (
          <span
            key={index}
            class={`token step-${scale.stepOf(token)}${marks}`}
            data-index={index}
            data-mark={unseenMark(text)}
            title={tokenFacts(token)}
          >
            {text}
          </span>
        );
      })}
    </span>
  );
});
