import { coreCount, grouped, speed } from '../../src/core/text';
import { Button } from '../ui/toolkit';
import { useEditor } from './editor-context';
import { MemoryBar } from './figures/memory-bar';

/** The model's name and cost, always in sight. */
export function Header() {
  const { state, post } = useEditor();
  const { held } = state.document;
  return (
    <header class="header">
      <div class="title">
        <h1>{state.model?.config.name}</h1>
        <Verdict />
        <span class="actions">
          <Button
            appearance="primary"
            disabled={held !== undefined}
            title={held ?? 'Train the model on this computer'}
            onClick={() => post({ kind: 'run', command: 'train' })}
          >
            Train
          </Button>
          <Button
            disabled={held !== undefined}
            title={held ?? 'Build the firmware and start it'}
            onClick={() => post({ kind: 'run', command: 'flash' })}
          >
            Build & Flash
          </Button>
          <Button title="Show model.json as text" onClick={() => post({ kind: 'openText' })}>
            Open Text
          </Button>
        </span>
      </div>
      {held && <p class="held">{held}</p>}
      <Figures />
    </header>
  );
}

/** Whether the model fits the chip, in words. */
function Verdict() {
  const { costs, isStale } = useEditor().state;
  if (isStale || !costs) return <span class="verdict unknown">Has errors</span>;
  const { estimate } = costs;
  const { free } = estimate.sram;
  if (free < 0) return <span class="verdict over">{grouped(-free)} bytes over SRAM</span>;
  if (!estimate.fits) return <span class="verdict over">Does not fit</span>;
  return <span class="verdict fits">Fits</span>;
}

function Figures() {
  const { costs, isStale } = useEditor().state;
  if (!costs) return null;
  const { parameters, sram, flash, speed: pace } = costs.estimate;
  const cores = coreCount(pace.cores);
  return (
    <div class={isStale ? 'stale' : ''}>
      <MemoryBar
        label={`SRAM: ${grouped(sram.total)} of ${grouped(sram.limit)} bytes`}
        items={costs.memory.sram}
        limit={sram.limit}
      />
      <dl class="figures" data-testid="figures">
        <div>
          <dt>SRAM</dt>
          <dd>
            <strong>{grouped(sram.total)}</strong> of {grouped(sram.limit)} bytes
          </dd>
        </div>
        <div>
          <dt>{sram.free < 0 ? 'Over' : 'Free'}</dt>
          <dd>
            <strong>{grouped(Math.abs(sram.free))}</strong> bytes
          </dd>
        </div>
        <div>
          <dt>Flash</dt>
          <dd>
            <strong>{grouped(flash.total)}</strong> of {grouped(flash.limit)} bytes
          </dd>
        </div>
        <div>
          <dt>Parameters</dt>
          <dd>
            <strong>{grouped(parameters.total)}</strong>
          </dd>
        </div>
        <div>
          <dt>Speed</dt>
          <dd>
            <strong>{speed(pace.tokens_per_second)}</strong> at {pace.clock_mhz} MHz, {cores},
            position {pace.context}
          </dd>
        </div>
      </dl>
    </div>
  );
}
