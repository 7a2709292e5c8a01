import type { KernelTiming } from '../../src/core/bench/report';

/** Cycles of each matrix of a layer, and of the classifier. */
export function Kernels({ kernels }: { kernels: readonly KernelTiming[] }) {
  return (
    // A narrow page scrolls the table, also with the keyboard.
    <section class="table" role="region" aria-label="Matrices" tabIndex={0}>
      <h2>Matrices</h2>
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
