import type { ParameterCounts } from '../../../src/core/estimate/parameters';
import { roleTitles } from '../../../src/core/model/tensor-table';
import { grouped } from '../../../src/core/text';

const names: Record<keyof ParameterCounts, string> = {
  ...roleTitles,
  total: 'Together',
};

/** The number of parameters, part by part. */
export function ParameterTable({ parameters }: { parameters: ParameterCounts }) {
  const { total } = parameters;
  const parts = (Object.keys(names) as (keyof ParameterCounts)[]).filter(
    (part) => part !== 'total' && parameters[part] > 0,
  );
  return (
    <table class="memory-table">
      <caption>Parameters</caption>
      <tbody>
        {parts.map((part) => (
          <tr key={part}>
            <td />
            <th scope="row">{names[part]}</th>
            <td>{grouped(parameters[part])}</td>
            <td>{((100 * parameters[part]) / total).toFixed(1)} %</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td />
          <th scope="row">{names.total}</th>
          <td>{grouped(total)}</td>
          <td />
        </tr>
      </tfoot>
    </table>
  );
}
