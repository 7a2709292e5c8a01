import { useMemo } from 'preact/hooks';
import { speeds } from '../../src/core/monitor/latency';
import type { SpokenToken } from '../../src/core/monitor/speech';
import { speed } from '../../src/core/text';
import { Plot } from '../ui/plot';

/** Tokens a second at each position. */
export function SpeedPlot({ tokens }: { tokens: readonly SpokenToken[] }) {
  const { speeds: values, positions } = useMemo(() => speeds(tokens), [tokens]);
  const lines = useMemo(() => [{ label: 'speed', x: positions, y: values }], [positions, values]);
  const [first = 0] = values;
  const last = values.at(-1) ?? 0;
  return (
    <figure>
      <Plot
        label={`Speed of each token: ${speed(first)} at the first, ${speed(last)} at the last`}
        height={110}
        x="token"
        y="tok/s"
        lines={lines}
        fromZero
      />
    </figure>
  );
}
