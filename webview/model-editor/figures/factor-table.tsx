import { useMemo } from 'preact/hooks';
import {
  factorCosts,
  figuresOf,
  type FactorStep,
  type Figures,
} from '../../../src/core/estimate/factors';
import { grouped, speed } from '../../../src/core/text';
import { Button } from '../../ui/toolkit';
import { useEditor } from '../editor-context';
import type { ShownModel } from '../state';

/** Shows what halving and doubling each factor would cost; a click applies it. */
export function FactorTable({ model: { file, config } }: { model: ShownModel }) {
  const costs = useMemo(() => factorCosts(file, config), [file, config]);
  const now = useMemo(() => figuresOf(config), [config]);
  return (
    <table class="factors">
      <caption>What a factor costs</caption>
      <thead>
        <tr>
          <th scope="col">Factor</th>
          <th scope="col">Halved</th>
          <th scope="col">Now</th>
          <th scope="col">Doubled</th>
        </tr>
      </thead>
      <tbody>
        {costs.map(({ factor, value, halved, doubled }) => (
          <tr key={factor}>
            <th scope="row">{factor}</th>
            <StepCell factor={factor} step={halved} now={now} />
            <td>{grouped(value)}</td>
            <StepCell factor={factor} step={doubled} now={now} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface StepCellProps {
  factor: string;
  step: FactorStep | undefined;
  now: Figures;
}

function StepCell({ factor, step, now }: StepCellProps) {
  const { state, commit } = useEditor();
  if (!step) return <td class="none">not possible</td>;
  const { value, figures, changes } = step;
  const bytes = figures.sram - now.sram;
  return (
    <td class={figures.fits ? '' : 'over'}>
      <div class="step">
        <Button
          label={`Set ${factor} to ${grouped(value)}`}
          disabled={!state.isReadable}
          onClick={() => commit(changes)}
        >
          {grouped(value)}
        </Button>
        <span>
          {bytes < 0 ? '−' : '+'}
          {grouped(Math.abs(bytes))} B
        </span>
        <span>{speed(figures.tokens_per_second)}</span>
        {!figures.fits && <span class="warning">does not fit</span>}
      </div>
    </td>
  );
}
