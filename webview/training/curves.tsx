import { useMemo, useRef } from 'preact/hooks';
import type { FromTrainingPage, RunCourse } from '../../src/core/train/page-messages';
import type { MetricsRecord } from '../../src/core/train/metrics';
import { Plot, toneColor, type Line } from '../ui/plot';
import { Button } from '../ui/toolkit';
import { pictureOf } from './picture';
import { tableOf } from './table';
import type { TrainingState } from './state';

interface CurvesProps {
  state: TrainingState;
  /** The shown run first. */
  drawn: readonly string[];
  post: (message: FromTrainingPage) => void;
}

/** Loss, and what explains it: learning rate, gradient norm and speed. */
export function Curves({ state: { courses }, drawn, post }: CurvesProps) {
  const frame = useRef<HTMLDivElement>(null);
  const losses = useMemo(() => lossLines(drawn, courses), [drawn.join('\n'), courses]);
  const [shown = ''] = drawn;
  const records = courses.get(shown)?.records ?? [];
  const last = records.at(-1);
  const savePicture = () => {
    const content = frame.current && pictureOf(frame.current);
    if (content) post({ kind: 'save', type: 'png', name: `${shown}-loss.png`, content });
  };
  const saveTable = () =>
    post({ kind: 'save', type: 'csv', name: `${shown}.csv`, content: tableOf(records) });
  return (
    <section aria-label="Curves">
      <div class="heading">
        <h2>Loss, nats a token</h2>
        <span class="actions">
          <Button title="Save the picture of the loss" onClick={savePicture}>
            Save PNG
          </Button>
          <Button title="Save all figures of this run" onClick={saveTable}>
            Save CSV
          </Button>
        </span>
      </div>
      <Legend lines={losses} />
      <div ref={frame}>
        <Plot
          label={`Loss by step: ${last ? `${last.loss.toFixed(3)} at step ${last.step}` : 'nothing yet'}`}
          lines={losses}
          x="step"
          y="nats a token"
          height={260}
        />
      </div>
      <div class="small">
        <Small name="learning rate" records={records} field="lr" />
        <Small name="gradient norm" records={records} field="grad_norm" />
        <Small name="tokens a second" records={records} field="tokens_per_second" />
      </div>
    </section>
  );
}

/** For each run: the text it trains on, and held-out text in both arithmetics. */
function lossLines(drawn: readonly string[], courses: ReadonlyMap<string, RunCourse>): Line[] {
  return drawn.flatMap((run, tone) => {
    const records = courses.get(run)?.records ?? [];
    const name = (what: string) => (drawn.length > 1 ? `${run}: ${what}` : what);
    return [
      lineOf(records, 'loss', { label: name('training'), tone: 2 * tone }),
      lineOf(records, 'valid_loss', {
        ...{ label: name('held-out, float'), tone: 2 * tone + 1, dashes: 'long' },
      }),
      lineOf(records, 'valid_loss_device', {
        ...{ label: name('held-out, device'), tone: 2 * tone + 1, dashes: 'short' },
      }),
    ].filter(({ x }) => x.length > 0);
  });
}

function lineOf(
  records: readonly MetricsRecord[],
  field: keyof MetricsRecord,
  look: Pick<Line, 'label' | 'tone' | 'dashes'>,
): Line {
  const points = records.flatMap(({ step, [field]: y }) => (y === undefined ? [] : [{ step, y }]));
  return { ...look, x: points.map(({ step }) => step), y: points.map(({ y }) => y) };
}

interface SmallProps {
  name: string;
  records: readonly MetricsRecord[];
  field: keyof MetricsRecord;
}

function Small({ name, records, field }: SmallProps) {
  const lines = useMemo(() => [lineOf(records, field, { label: name })], [records, field, name]);
  const last = records.at(-1)?.[field] ?? 0;
  return (
    <figure>
      <figcaption>{name}</figcaption>
      <Plot
        label={`${name} by step, ${last.toPrecision(3)} at last`}
        lines={lines}
        x="step"
        y=""
        height={110}
        fromZero
      />
    </figure>
  );
}

function Legend({ lines }: { lines: readonly Line[] }) {
  return (
    <ul class="legend">
      {lines.map(({ label, tone = 0, dashes = 'none' }) => (
        <li key={label}>
          <svg class={`stroke ${dashes}`} viewBox="0 0 28 8" aria-hidden="true">
            <line x1="0" y1="4" x2="28" y2="4" style={{ stroke: toneColor(tone) }} />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}
