/**
 * `node test/bench/run.mjs kernel`: cycles a product of the chip's kernels by size, on one core of the
 * virtual Pico with code and data in SRAM, beside the bounds of their instructions;
 * and cycles a row to scale the sums. Prints JSON.
 */
import { kernelTable, runKernels, scalingCycles } from '../support/kernels';

async function main(): Promise<void> {
  const lines = await runKernels();
  if (lines.at(-1) !== 'PASS') throw new Error(lines.join('\n'));
  for (const row of kernelTable(lines)) console.log(JSON.stringify(row));
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
