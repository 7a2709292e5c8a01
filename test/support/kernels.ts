import { noModel, recordsOf, runProgram } from './run-program';

/** Cycles of a kernel on one core of the virtual Pico, its code and data in SRAM. */
export interface KernelCycles {
  kernel: 'int8' | 'int4' | 'ternary';
  rows: number;
  columns: number;
  prepare: number;
  multiply: number;
}

/** Cycles to scale the sums of rows: to overwrite values in Q16, or to add to them. */
export interface ScalingCycles {
  scaled_rows: number;
  set: number;
  add: number;
  /** Sums below 2^15. */
  set_narrow: number;
  add_narrow: number;
}

/** Cycles to attend with a head to positions, by cache and part. */
export interface AttentionCycles {
  attention: 'int8' | 'int4';
  head_dim: number;
  positions: number;
  scores: number;
  softmax: number;
  /** Of int4 only. */
  share: number;
  values: number;
}

/** Cycles of the loops over so many elements, and over as many logits. */
export interface VectorCycles {
  elements: number;
  all_bits: number;
  normalize: number;
  head: number;
  round: number;
  gains: number;
  gate: number;
  /** Of logits that are near, and far. */
  distances: number;
  far: number;
  /** To find the highest. */
  highest: number;
}

/** Cycles a product that each kernel's instructions need without any loop around them. */
export const kernelBounds = { int8: 3.4, int4: 2.125, ternary: 1.15 };

/** Builds and runs test/firmware/kernels. Returns its lines, up to PASS or FAIL. */
export const runKernels = () => runProgram('kernels', noModel, 4000);

export const kernelCycles = (lines: string[]) => recordsOf<KernelCycles>(lines, '{"kernel"');

export const scalingCycles = (lines: string[]) => recordsOf<ScalingCycles>(lines, '{"scaled_rows"');

export const attentionCycles = (lines: string[]) =>
  recordsOf<AttentionCycles>(lines, '{"attention"');

export const vectorCycles = (lines: string[]) => recordsOf<VectorCycles>(lines, '{"elements"')[0];

/** Cycles a product of each kernel in each shape, beside the bound of its instructions. */
export function kernelTable(lines: string[]) {
  const rounded = (value: number) => Number(value.toFixed(3));
  return kernelCycles(lines).map(({ kernel, rows, columns, prepare, multiply }) => {
    const products = rows * columns;
    return {
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
  });
}
