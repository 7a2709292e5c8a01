import type { FromTrainingPage, RunFacts } from '../../src/core/train/page-messages';
import { fileSize, grouped, speed } from '../../src/core/text';
import { Button, Checkbox } from '../ui/toolkit';
import type { TrainingAction, TrainingState } from './state';

interface RunsProps {
  state: TrainingState;
  drawn: readonly string[];
  change: (action: TrainingAction) => void;
  post: (message: FromTrainingPage) => void;
}

/** The runs of the project side by side. */
export function Runs({ state: { runs, shown }, drawn, change, post }: RunsProps) {
  return (
    // A narrow page scrolls the table, also with the keyboard.
    <section class="table" role="region" aria-label="Runs" tabIndex={0}>
      <h2>Runs of this project</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">run</th>
            <th scope="col">bits a byte: device</th>
            <th scope="col">float</th>
            <th scope="col">steps</th>
            <th scope="col">parameters</th>
            <th scope="col">SRAM</th>
            <th scope="col">tok/s, estimated</th>
            <th scope="col">shape</th>
            <th scope="col">curves</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.name} class={run.name === shown ? 'shown' : undefined}>
              <th scope="row">
                {run.name === shown ? (
                  <strong>{run.name}</strong>
                ) : (
                  <Button
                    label={`Show ${run.name}`}
                    onClick={() => post({ kind: 'show', run: run.name })}
                  >
                    {run.name}
                  </Button>
                )}
                {run.isLive && ' (training)'}
              </th>
              <Figures run={run} />
              <td>
                <Checkbox
                  label="draw"
                  title={`Draw the curves of ${run.name}`}
                  checked={drawn.includes(run.name)}
                  disabled={run.name === shown}
                  onChange={(on) => change({ kind: 'compare', run: run.name, on })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Figures({ run }: { run: RunFacts }) {
  const { quality, imported, steps, parameters, sram, speed: perSecond, shape } = run;
  return (
    <>
      <td>{quality?.device.toFixed(4)}</td>
      <td>{quality?.float.toFixed(4)}</td>
      <td>{imported === undefined ? grouped(steps) : 'imported'}</td>
      <td>{grouped(parameters)}</td>
      <td>{fileSize(sram)}</td>
      <td>{speed(perSecond)}</td>
      <td class="shape">{shape}</td>
    </>
  );
}
