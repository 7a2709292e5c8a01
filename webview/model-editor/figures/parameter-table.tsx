import type { ParameterCounts } from '../../../src/core/estimate/parameters';
import { grouped } from '../../../src/core/text';

/** Where the parameters are. */
export function ParameterTable({ parameters }: { parameters: ParameterCounts }) {
  const { total, ...parts } = parameters;
  const present = Object.entries(parts).filter(([, count]) => count > 0);
  return (
    <table class="memory-table">
      <caption>Parameters</caption>
      <tbody>
        {present.map(([part, count]) => (
          <tr key={part}>
            <td />
            <th scope="row">{part}</th>
            <td>{grouped(count)}</td>
            <td>{((100 * count) / total).toFixed(1)} %</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td />
          <th scope="row">Together</th>
          <td>{grouped(total)}</td>
          <td />
        </tr>
      </tfoot>
    </table>
  );
}
