import { memo } from 'preact/compat';
import { useMemo, useState } from 'preact/hooks';
import {
  firstDivergence,
  latencyScale,
  latencySteps,
  recentSpeed,
  type Generation,
} from '../../src/core/monitor/speech';
import { grouped, speed } from '../../src/core/text';
import { Plot } from '../ui/plot';
import { Comparison } from './comparison';
import { TokenText } from './token-text';

export interface GenerationProps {
  generation: Generation;
  isLast: boolean;
  isSpeaking: boolean;
}

/** One prompt and its answer, with what it took. */
export const GenerationView = memo(function GenerationView(props: GenerationProps) {
  const { generation, isLast, isSpeaking } = props;
  const { tokens, prompt, rest, done, failure } = generation;
  const stepOf = useMemo(() => latencyScale(tokens), [tokens]);
  const divergence = firstDivergence(generation);
  const [pointed, point] = useState<number>();
  return (
    <article class="generation" aria-label={`Generation ${generation.number + 1}`}>
      <div class="said" data-testid={isLast ? 'said' : undefined}>
        {prompt !== undefined && <span class="prompt">{prompt}</span>}
        <TokenText tokens={tokens} stepOf={stepOf} differsAt={divergence} onPoint={point} />
        {rest}
        {isSpeaking && <span class="caret" aria-hidden="true" />}
      </div>
      {failure !== undefined && <p class="failed">The board refused: {failure}.</p>}
      <p class="figures" data-testid={isLast ? 'figures' : undefined}>
        <Figures generation={generation} pointed={pointed} />
      </p>
      <Comparison generation={generation} differsAt={divergence} />
      {isLast && tokens.length > 2 && <LatencyPlot generation={generation} />}
      {isLast && tokens.length > 2 && <Legend />}
      {done && <span class="end" data-testid={isLast ? 'done' : undefined} hidden />}
    </article>
  );
});

/** Of the token that is pointed at, else of all. */
function Figures({ generation, pointed }: { generation: Generation; pointed: number | undefined }) {
  const { tokens, done } = generation;
  const token = pointed === undefined ? undefined : tokens[pointed];
  if (token) {
    const rank = token.rank === undefined ? '' : ` · rank ${token.rank}`;
    return (
      <>
        Token {pointed}: {JSON.stringify(token.text)} · id {token.id} · {grouped(token.latency)} µs
        {rank}
      </>
    );
  }
  if (done) {
    const { tokens_per_second, cycles_per_token, reason, peak_stack } = done;
    return (
      <>
        {done.tokens} tokens · {speed(tokens_per_second)} · {grouped(cycles_per_token)} cycles a
        token · {reason} · {grouped(peak_stack)} bytes of stack
      </>
    );
  }
  const now = recentSpeed(tokens);
  return (
    <>
      {tokens.length} tokens{now > 0 && ` · ${speed(now)}`}
    </>
  );
}

/** Tokens a second, position by position. */
function LatencyPlot({ generation: { tokens } }: { generation: Generation }) {
  const points = useMemo(() => {
    // The first token waits for the whole prompt.
    const shown = tokens.slice(1);
    return {
      positions: shown.map((_, index) => index + 1),
      speeds: shown.map(({ latency }) => (latency > 0 ? 1e6 / latency : 0)),
    };
  }, [tokens]);
  const last = points.speeds.at(-1) ?? 0;
  return (
    <Plot
      label={`Speed of each token, ${speed(last)} at the last`}
      height={120}
      x={{ label: 'token', values: points.positions }}
      y={{ label: 'tok/s', values: points.speeds }}
    />
  );
}

function Legend() {
  return (
    <p class="legend">
      quick
      {Array.from({ length: latencySteps }, (_, step) => (
        <span key={step} class={`sample step-${step}`} />
      ))}
      slow
    </p>
  );
}
