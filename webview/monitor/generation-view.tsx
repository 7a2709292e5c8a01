import { memo } from 'preact/compat';
import { useMemo, useState } from 'preact/hooks';
import { firstDivergence } from '../../src/core/monitor/divergence';
import { latencyScale, recentSpeed } from '../../src/core/monitor/latency';
import type { Generation } from '../../src/core/monitor/speech';
import { grouped, speed } from '../../src/core/text';
import { Comparison, HostText } from './comparison';
import { LatencyLegend } from './latency-legend';
import { SpeedPlot } from './speed-plot';
import { tokenFacts } from './token-facts';
import { TokenText } from './token-text';

export interface GenerationProps {
  generation: Generation;
  isLast: boolean;
  isSpeaking: boolean;
}

/** Tokens from which on there is something to plot. */
const enoughToPlot = 4;

/** One prompt and its answer, with what it took. */
export const GenerationView = memo(function GenerationView(props: GenerationProps) {
  const { generation, isLast, isSpeaking } = props;
  const { number, tokens, prompt, rest, done, failure, host } = generation;
  const scale = useMemo(() => latencyScale(tokens), [tokens]);
  const divergence = useMemo(() => firstDivergence(generation), [generation]);
  const [pointed, point] = useState<number>();
  const testId = (name: string) => (isLast ? name : undefined);
  return (
    <article class="generation" aria-label={`Generation ${number + 1}`}>
      <div class={divergence ? 'sides' : undefined}>
        <div class="said" data-testid={testId('said')}>
          {divergence && <h2>Board</h2>}
          {prompt !== undefined && <span class="prompt">{prompt}</span>}
          <TokenText tokens={tokens} scale={scale} differsAt={divergence?.index} onPoint={point} />
          {rest}
          {isSpeaking && <span class="caret" aria-hidden="true" />}
        </div>
        {divergence && host && (
          <div class="said host">
            <h2>This computer</h2>
            {prompt !== undefined && <span class="prompt">{prompt}</span>}
            <HostText tokens={host.tokens} differsAt={divergence.index} />
          </div>
        )}
      </div>
      {failure !== undefined && <p class="broken-off">{failure}</p>}
      <p class="figures" data-testid={testId('figures')} aria-live={isSpeaking ? 'off' : 'polite'}>
        <Figures generation={generation} pointed={pointed} />
      </p>
      <Comparison generation={generation} divergence={divergence} />
      {scale.range && <LatencyLegend range={scale.range} />}
      {isLast && tokens.length >= enoughToPlot && <SpeedPlot tokens={tokens} />}
      {done && <span class="end" data-testid={testId('done')} hidden />}
    </article>
  );
});

/** Of the token that is pointed at, else of all. */
function Figures({ generation, pointed }: { generation: Generation; pointed: number | undefined }) {
  const { tokens, done } = generation;
  const token = pointed === undefined ? undefined : tokens[pointed];
  if (token) {
    return (
      <>
        Token {token.index}: {JSON.stringify(token.text)} · {tokenFacts(token)}
      </>
    );
  }
  if (done) {
    const { tokens_per_second, cycles_per_token, reason, peak_stack } = done;
    return (
      <>
        {counted(done.tokens)} · <strong>{speed(tokens_per_second)}</strong> ·{' '}
        {grouped(cycles_per_token)} cycles a token · {reason} · {grouped(peak_stack)} bytes of stack
      </>
    );
  }
  const now = recentSpeed(tokens);
  return (
    <>
      {counted(tokens.length)}
      {now > 0 && (
        <>
          {' '}
          · <strong>{speed(now)}</strong>
        </>
      )}
    </>
  );
}

function counted(tokens: number): string {
  return tokens === 1 ? '1 token' : `${tokens} tokens`;
}
