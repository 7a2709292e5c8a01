import { useEditor } from './editor-context';
import { FactorTable } from './figures/factor-table';
import { MemoryTable } from './figures/memory-table';
import { ParameterTable } from './figures/parameter-table';
import { SpeedPlot } from './figures/speed-plot';
import { Network } from './network/network';

/** Pictures of the model: the network, its memory, the cost of its factors and its speed. */
export function Pictures() {
  const { costs, isStale } = useEditor().state;
  if (!costs) return null;
  const { estimate, memory, config } = costs;
  return (
    <section class={`pictures ${isStale ? 'stale' : ''}`} aria-label="Costs">
      <h2>Network</h2>
      <Network config={config} />
      <h2>Costs</h2>
      <FactorTable model={costs} />
      <SpeedPlot config={config} />
      {estimate.placement !== undefined && <p>{estimate.placement}</p>}
      <div class="tables">
        <MemoryTable caption="SRAM, in bytes" items={memory.sram} limit={estimate.sram.limit} />
        <MemoryTable caption="Flash, in bytes" items={memory.flash} limit={estimate.flash.limit} />
        <ParameterTable parameters={estimate.parameters} />
      </div>
    </section>
  );
}
