import { useMemo, useState } from 'preact/hooks';
import type { ModelConfig } from '../../../src/core/model/config';
import { grouped } from '../../../src/core/text';
import { useLight, usePointer } from '../pointing';
import { planNetwork, type Part, type Stage } from './layout';

/** Draws the network: tensors to scale, with their purpose. */
export function Network({ config }: { config: ModelConfig }) {
  const plan = useMemo(() => planNetwork(config), [config]);
  const stages = [...plan.before, ...plan.block, ...plan.after];
  const keys = stages.flatMap(({ parts }) => parts.map(({ key }) => key));
  const [current, setCurrent] = useState<string>();
  const focusable = current !== undefined && keys.includes(current) ? current : keys[0];
  /** One stop for Tab; the arrow keys go from part to part. */
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || focusable === undefined) return;
    event.preventDefault();
    const next = keys[keys.indexOf(focusable) + step];
    if (next === undefined) return;
    setCurrent(next);
    const root = event.currentTarget as HTMLElement;
    root.querySelector<HTMLElement>(`[data-part="${CSS.escape(next)}"]`)?.focus();
  };
  const show = (stage: Stage) => <StageView key={stage.key} stage={stage} focusable={focusable} />;
  const blocks = `${plan.blocks} ${plan.blocks === 1 ? 'block' : 'blocks'}`;
  return (
    <div class="network" role="group" aria-label="Diagram of the network" onKeyDown={move}>
      {plan.before.map(show)}
      <div class="block" role="group" aria-label={blocks}>
        <span class="times">× {blocks}</span>
        {plan.block.map(show)}
      </div>
      {plan.after.map(show)}
    </div>
  );
}

function StageView({ stage, focusable }: { stage: Stage; focusable: string | undefined }) {
  const isSingle = stage.parts.length === 1;
  return (
    <div class={`stage ${stage.isResidual ? 'residual' : ''} ${isSingle ? 'single' : ''}`}>
      <span class="stage-title">{stage.title}</span>
      <div class="parts">
        {stage.parts.map((part) => (
          <PartView key={part.key} part={part} isFocusable={part.key === focusable} />
        ))}
      </div>
    </div>
  );
}

/** More bands would merge on the screen. */
const mostBands = 16;

function PartView({ part, isFocusable }: { part: Part; isFocusable: boolean }) {
  const light = useLight(part);
  const pointer = usePointer({ owner: part.owner });
  const { width, height, bytes } = part;
  const bands = Math.min(part.bands, mostBands);
  const cost = bytes === undefined ? 'no more bytes' : `${grouped(bytes)} bytes`;
  return (
    <div
      class={`part ${light}`}
      role="img"
      aria-label={`${part.title}, ${part.shape}, ${cost}`}
      tabIndex={isFocusable ? 0 : -1}
      data-part={part.key}
      {...pointer}
    >
      <svg width={width} height={height} aria-hidden="true">
        <rect
          class={`tensor owner-${part.owner} ${bytes === undefined ? 'again' : ''}`}
          x={0.5}
          y={0.5}
          width={width - 1}
          height={height - 1}
        />
        {Array.from({ length: bands - 1 }, (_, i) => (
          <line
            key={i}
            class="band"
            x1={1}
            x2={width - 1}
            y1={((i + 1) * height) / bands}
            y2={((i + 1) * height) / bands}
          />
        ))}
      </svg>
      <span class="part-title">{part.title}</span>
      <span class="part-shape">{part.shape}</span>
      <span class="part-bytes">{bytes === undefined ? 'tied' : `${grouped(bytes)} B`}</span>
    </div>
  );
}
