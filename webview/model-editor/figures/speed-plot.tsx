import { useMemo } from 'preact/hooks';
import { tokensPerSecond } from '../../../src/core/estimate/estimate';
import type { ModelConfig } from '../../../src/core/model/config';
import { coreCount, speed } from '../../../src/core/text';
import { Plot, type Line } from '../../ui/plot';

const points = 48;

/** How the speed falls as the context fills. */
export function SpeedPlot({ config }: { config: ModelConfig }) {
  const line = useMemo(() => curve(config), [config]);
  const lines = useMemo(() => [line], [line]);
  const { x: positions, y: speeds } = line;
  const [first = 0] = speeds;
  const last = speeds.at(-1) ?? 0;
  const { clock_mhz, cores } = config.target;
  const clock = `${clock_mhz} MHz, ${coreCount(cores)}`;
  const summary = `${speed(first)} at the first position, ${speed(last)} at position ${positions.at(-1)}`;
  return (
    <figure>
      <figcaption>
        Speed as the context fills: {summary}, at {clock}
      </figcaption>
      <Plot label={summary} height={160} x="position" y="tok/s" lines={lines} fromZero />
    </figure>
  );
}

function curve(config: ModelConfig): Line {
  const length = config.architecture.max_seq_len;
  const count = Math.min(points, length);
  const positions = Array.from({ length: count }, (_, i) =>
    Math.round(1 + (i * (length - 1)) / Math.max(1, count - 1)),
  );
  const y = positions.map((position) => tokensPerSecond(config, position));
  return { label: 'speed', x: positions, y };
}
