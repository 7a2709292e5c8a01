import type { MemoryItem } from '../../../src/core/estimate/memory-map';
import { grouped } from '../../../src/core/text';
import { memoryNames } from '../memory-names';
import { useLight, usePointer } from '../pointing';

export interface MemoryBarProps {
  /** Text alternative of the picture. */
  label: string;
  items: readonly MemoryItem[];
  /** Size of the memory in bytes: the bar's end, unless the items need more. */
  limit: number;
}

/** A memory as a bar: its parts, and the free rest. */
export function MemoryBar({ label, items, limit }: MemoryBarProps) {
  const total = items.reduce((sum, { bytes }) => sum + bytes, 0);
  const width = Math.max(total, limit);
  const percent = (bytes: number) => `${(100 * bytes) / width}%`;
  return (
    <div
      class={`memory-bar ${total > limit ? 'over' : ''}`}
      role="img"
      aria-label={label}
      data-total={total}
    >
      {items.map((item) => (
        <Segment key={item.owner} item={item} width={percent(item.bytes)} />
      ))}
      {total > limit && (
        <span class="limit" style={{ left: percent(limit) }} title={`${grouped(limit)} bytes`} />
      )}
    </div>
  );
}

function Segment({ item, width }: { item: MemoryItem; width: string }) {
  const light = useLight(item);
  const pointer = usePointer({ owner: item.owner });
  return (
    <span
      class={`segment owner-${item.owner} ${light}`}
      style={{ width }}
      title={`${memoryNames[item.owner]}: ${grouped(item.bytes)} bytes`}
      {...pointer}
    />
  );
}
