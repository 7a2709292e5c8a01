import { memo } from 'preact/compat';
import { useMemo } from 'preact/hooks';
import { firstDivergence } from '../../src/core/monitor/divergence';
import { latencyScale } from '../../src/core/monitor/latency';
import type { Generation } from '../../src/core/monitor/speech';
import { Comparison, HostText } from './comparison';
import { Figures } from './figures';
import { LatencyLegend } from './latency-legend';
import { SpeedPlot } from './speed-plot';
import { TokenText } from './token-text';

export interface GenerationProps {
  generation: Generation;
  isLast: boolean;
  isSpeaking: boolean;
  /** Show the host's text even while it equals the board's. */
  sideBySide: boolean;
  /** Index of the token that the user has walked to with the keyboard. */
  focused: number | undefined;
  /** The Tab key leads to the tokens of this generation. */
  isStop: boolean;
}

/** Least number of tokens that the plot needs. */
const enoughToPlot = 4;

/** One prompt and its answer, with its figures. */
export const GenerationView = memo(function GenerationView(props: GenerationProps) {
  const { generation, isLast, isSpeaking, sideBySide, focused, isStop } = props;
  const { number, tokens, prompt, rest, done, failure, host } = generation;
  const scale = useMemo(() => latencyScale(tokens), [tokens]);
  const divergence = useMemo(() => firstDivergence(generation), [generation]);
  const differsAt = divergence?.index;
  const other = divergence || sideBySide ? host : undefined;
  const testId = (name: string) => (isLast ? name : undefined);
  return (
    <article class="generation" aria-label={`Generation ${number + 1}`}>
      <div class={other && 'sides'}>
        <div class="said" data-testid={testId('said')}>
          {other && <h2>Board</h2>}
          {prompt !== undefined && <span class="prompt">{prompt}</span>}
          <TokenText generation={number} {...{ tokens, scale, differsAt, focused, isStop }} />
          {rest}
          {isSpeaking && <span class="caret" aria-hidden="true" />}
        </div>
        {other && (
          <div class="said host">
            <h2>This computer</h2>
            {prompt !== undefined && <span class="prompt">{prompt}</span>}
            <HostText tokens={other.tokens} differsAt={differsAt} />
          </div>
        )}
      </div>
      {failure !== undefined && <p class="broken-off">{failure}</p>}
      {/* The strip below shows the figures of the last one, always in sight. */}
      {!isLast && (
        <p class="figures">
          <Figures generation={generation} />
        </p>
      )}
      <Comparison generation={generation} divergence={divergence} />
      {scale.range && <LatencyLegend range={scale.range} />}
      {isLast && tokens.length >= enoughToPlot && <SpeedPlot tokens={tokens} />}
      {done && <span class="end" data-testid={testId('done')} hidden />}
    </article>
  );
});
