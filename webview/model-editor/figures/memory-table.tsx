import type { MemoryItem } from '../../../src/core/estimate/memory-map';
import { grouped } from '../../../src/core/text';
import { memoryNames } from '../memory-names';
import { useLight, usePointer } from '../pointing';

export interface MemoryTableProps {
  caption: string;
  items: readonly MemoryItem[];
  limit: number;
}

/** The parts of a memory, in bytes. */
export function MemoryTable({ caption, items, limit }: MemoryTableProps) {
  const total = items.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <table class="memory-table">
      <caption>{caption}</caption>
      <tbody>
        {items.map((item) => (
          <Row key={item.owner} item={item} limit={limit} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td />
          <th scope="row">{total > limit ? 'Over' : 'Free'}</th>
          <td>{grouped(Math.abs(limit - total))}</td>
          <td>{share(Math.abs(limit - total), limit)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function Row({ item, limit }: { item: MemoryItem; limit: number }) {
  const light = useLight(item);
  const pointer = usePointer({ owner: item.owner });
  return (
    <tr class={light} {...pointer}>
      <td>
        <span class={`swatch owner-${item.owner}`} />
      </td>
      <th scope="row">{memoryNames[item.owner]}</th>
      <td>{grouped(item.bytes)}</td>
      <td>{share(item.bytes, limit)}</td>
    </tr>
  );
}

function share(bytes: number, limit: number): string {
  return `${((100 * bytes) / limit).toFixed(1)} %`;
}
