import { useMemo } from 'preact/hooks';
import { figuresOf } from '../../src/core/estimate/factors';
import { adopt } from '../../src/core/model/adopt';
import { withDefaults, type ModelFile } from '../../src/core/model/defaults';
import { goals } from '../../src/core/search/goals';
import { measuredClockMhz, measuredSpeed } from '../../src/core/model/measured-speeds';
import { presets } from '../../src/core/model/presets';
import { grouped, speed } from '../../src/core/text';
import { Button } from '../ui/toolkit';
import { useEditor } from './editor-context';

interface Choice {
  name: string;
  title: string;
  summary: string;
  file: ModelFile;
}

/** Whole models to begin with; their shape, tokenizer and training replace those of the file. */
export function Presets() {
  return (
    <details class="presets">
      <summary>
        <h2>Presets</h2>
      </summary>
      <PresetTable />
    </details>
  );
}

function PresetTable() {
  const choices = useMemo(
    (): Choice[] => [
      ...goals.map((goal) => ({ ...goal, file: goal.file() })),
      ...presets.map((preset) => ({ ...preset, title: preset.name })),
    ],
    [],
  );
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Preset</th>
          <th scope="col">Parameters</th>
          <th scope="col">SRAM bytes</th>
          <th
            scope="col"
            title={`On the virtual Pico, in the middle of the context, at ${measuredClockMhz} MHz`}
          >
            Measured
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {choices.map((choice) => (
          <PresetRow key={choice.name} choice={choice} />
        ))}
      </tbody>
    </table>
  );
}

function PresetRow({ choice: { name, title, summary, file } }: { choice: Choice }) {
  const { state, commit } = useEditor();
  const { parameters, sram, fits } = useMemo(() => figuresOf(withDefaults(file, name)), [file]);
  const measured = measuredSpeed(name);
  const changes = state.model ? adopt(state.model.file, file) : [];
  return (
    <tr>
      <th scope="row">
        {title}
        <span class="description">{summary}</span>
      </th>
      <td>{grouped(parameters)}</td>
      <td class={fits ? '' : 'over'}>{grouped(sram)}</td>
      <td>{measured === undefined ? 'does not fit' : speed(measured)}</td>
      <td>
        <Button
          label={`Use preset ${title}`}
          disabled={!state.isReadable || changes.length === 0}
          title={changes.length === 0 ? 'This is the model' : 'Undo brings the present model back'}
          onClick={() => commit(changes)}
        >
          Use
        </Button>
      </td>
    </tr>
  );
}
