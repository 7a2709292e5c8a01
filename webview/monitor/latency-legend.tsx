import { latencySteps, type LatencyScale } from '../../src/core/monitor/latency';

/** The meaning of the shades of tokens. */
export function LatencyLegend({ range }: { range: NonNullable<LatencyScale['range']> }) {
  return (
    <p class="legend">
      <span>{milliseconds(range.least)}</span>
      <span class="samples" role="img" aria-label="Shades from the quickest token to the slowest">
        {Array.from({ length: latencySteps }, (_, step) => (
          <span key={step} class={`sample step-${step}`} />
        ))}
      </span>
      <span>{milliseconds(range.most)} a token</span>
    </p>
  );
}

function milliseconds(microseconds: number): string {
  const value = microseconds / 1000;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}
