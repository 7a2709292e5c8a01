import type { KernelTiming } from '../../src/core/bench/report';
import { coreCount } from '../../src/core/text';

interface KernelsProps {
  kernels: readonly KernelTiming[];
  /** That share the rows. */
  cores: number;
}

/** Cycles of each matrix of a layer, and of the classifier. */
export function Kernels({ kernels, cores }: KernelsProps) {
  return (
    // A narrow page scrolls the table, also with the keyboard.
    <section class="table" role="region" aria-label="Matrices" tabIndex={0}>
      <h2>Matrices{cores > 1 && `, which ${coreCount(cores)} share`}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">matrix</th>
            <th scope="col">rows</th>
            <th scope="col">columns</th>
            <th scope="col">cycles a MAC</th>
          </tr>
        </thead>
        <tbody>
          {kernels.map(({ name, rows, cols, cycles_per_mac }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{rows}</td>
              <td>{cols}</td>
              <td>{cycles_per_mac.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
