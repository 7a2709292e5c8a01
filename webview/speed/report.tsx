import { useMemo } from 'preact/hooks';
import { benchParts, type BenchReport } from '../../src/core/bench/report';
import { chip } from '../../src/core/chip';
import { coreCount, grouped, speed } from '../../src/core/text';
import type { Measurement } from '../../src/core/bench/speed-messages';
import { Meter } from '../ui/meter';
import { Plot, type Line } from '../ui/plot';
import { Kernels } from './kernels';

const parts = [...benchParts, 'sampling', 'rest'] as const;

/** The figures of a measurement. */
export function Report({ measurement: { model, report } }: { measurement: Measurement }) {
  const { by_context, by_part, context, cycles_per_token, tokens_per_second } = report;
  const { title, clock_mhz, cores, weights } = model;
  const [first] = by_context;
  const last = by_context.at(-1);
  const lines = useMemo(() => [curveOf(by_context)], [by_context]);
  return (
    <>
      <p class="summary">
        <strong>{speed(tokens_per_second)}</strong> at context {context}:{' '}
        {grouped(cycles_per_token)} cycles a token. {title}, {weights}, {coreCount(cores)} at{' '}
        {clock_mhz} MHz. Emulated by the virtual Pico.
      </p>
      {by_part.map(({ context: at, ...cycles }) => {
        const total = parts.reduce((sum, part) => sum + cycles[part], 0);
        return (
          <section key={at} aria-label={`A token at context ${at}`}>
            <h2>A token at context {at}</h2>
            {parts.map((part) => (
              <Meter
                key={part}
                label={part}
                share={cycles[part] / total}
                text={`${grouped(cycles[part])} cycles, ${((100 * cycles[part]) / total).toFixed(1)} %`}
              />
            ))}
          </section>
        );
      })}
      <section aria-label="Cycles by context">
        <h2>Cycles by context, before sampling</h2>
        {first && last && (
          <Plot
            label={`Cycles of a token: ${grouped(first.cycles)} at context ${first.context}, ${grouped(last.cycles)} at context ${last.context}`}
            height={160}
            x="context"
            y="1,000 cycles"
            lines={lines}
            fromZero
          />
        )}
      </section>
      <Kernels kernels={report.kernels} cores={cores} />
      <section aria-label="Stacks and cores">
        <h2>Stacks and cores</h2>
        <Stack name="Stack of core 0" bytes={report.peak_stack} />
        {report.peak_second_stack !== null && (
          <Stack name="Stack of core 1" bytes={report.peak_second_stack} />
        )}
        {report.barrier > 0 && (
          <p>Dividing work between the cores costs {grouped(report.barrier)} cycles.</p>
        )}
      </section>
    </>
  );
}

/** Thousands of cycles by context. */
function curveOf(by_context: BenchReport['by_context']): Line {
  const x = by_context.map(({ context }) => context);
  return { label: 'cycles', x, y: by_context.map(({ cycles }) => cycles / 1000) };
}

/** How deep a stack was at most; each fills a scratch bank. */
function Stack({ name, bytes }: { name: string; bytes: number }) {
  const size = chip.scratchBankBytes;
  return (
    <Meter
      label={name}
      share={bytes / size}
      text={`${grouped(bytes)} of ${grouped(size)} bytes at most`}
    />
  );
}
