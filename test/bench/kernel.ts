/**
 * `node test/bench/run.mjs kernel`: cycles a product of the chip's kernels by size, on one core of the
 * virtual Pico with code and data in SRAM, beside the bounds of their instructions;
 * and cycles a row to scale the sums. Prints JSON.
 */
import { kernelBounds, kernelCycles, runKernels, scalingCycles } from '../support/kernels';

async function main(): Promise<void> {
  const lines = await runKernels();
  if (lines.at(-1) !== 'PASS') throw new Error(lines.join('\n'));
  const rounded = (value: number) => Number(value.toFixed(3));
  for (const { kernel, rows, columns, prepare, multiply } of kernelCycles(lines)) {
    const products = rows * columns;
    const result = {
      kernel,
      rows,
      columns,
      bound: kernelBounds[kernel],
      multiply: rounded(multiply / products),
      prepare: rounded(prepare / products),
      total: rounded((multiply + prepare) / products),
      above_bound_percent: rounded((multiply / products / kernelBounds[kernel] - 1) * 100),
      cycles_to_prepare_a_column: rounded(prepare / columns),
    };
    console.log(JSON.stringify(result));
  }
  for (const { scaled_rows, ...cycles } of scalingCycles(lines)) {
    const ofARow = Object.entries(cycles).map(([name, count]) => [name, count / scaled_rows]);
    const result = { scaled_rows, ...Object.fromEntries(ofARow) };
    console.log(JSON.stringify(result));
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
