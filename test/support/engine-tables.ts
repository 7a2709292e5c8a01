import { grouped } from '../../src/core/text';
import { markdownTable } from './docs-section';
import type { kernelTable } from './kernels';

/** Cycles of a forward pass of one engine at one context, and those of its matrices. */
export interface EngineRow {
  shape: string;
  engine: string;
  cores: number;
  weights: 'sram' | 'stream' | 'flash';
  context: number;
  cycles: number;
  matrices: number;
}

export interface EngineTables {
  engines: EngineRow[];
  kernels: ReturnType<typeof kernelTable>;
  presets: {
    name: string;
    weights: string;
    context: number;
    cycles_per_token: number;
    tokens_per_second: number;
  }[];
}

/** How many times as many cycles the plain engines take, for one shape and context. */
interface Ratio extends EngineRow {
  float: number;
  int8: number;
  /** Of the matrices alone. */
  float_matrices: number;
  int8_matrices: number;
}

export function ratiosOf(rows: readonly EngineRow[]): Ratio[] {
  return rows.map((row) => {
    const plain = (engine: string) =>
      rows.find(
        (other) =>
          other.shape === row.shape && other.context === row.context && other.engine === engine,
      );
    const [float, int8] = [plain('plain float'), plain('plain int8')];
    return {
      ...row,
      float: (float?.cycles ?? NaN) / row.cycles,
      int8: (int8?.cycles ?? NaN) / row.cycles,
      float_matrices: (float?.matrices ?? NaN) / row.matrices,
      int8_matrices: (int8?.matrices ?? NaN) / row.matrices,
    };
  });
}

const times = (ratio: number) => `${ratio.toFixed(ratio < 10 ? 1 : 0)}`;

/** The tables in Markdown, by the names of their sections in docs/benchmarks.md. */
export function engineSections({ engines, kernels, presets }: EngineTables) {
  const ratios = ratiosOf(engines);
  const shapes = [...new Set(engines.map(({ shape }) => shape))];
  const engineTable = (shape: string) =>
    markdownTable(
      [
        ...['engine', 'cores', 'weights in', 'context', 'cycles', 'of these matrices'],
        ...['times plain float', 'times plain int8', 'matrices alone'],
      ],
      ratios
        .filter((row) => row.shape === shape)
        .map((row) => [
          ...[row.engine, row.cores, row.weights, row.context],
          ...[grouped(row.cycles), grouped(row.matrices)],
          ...[times(row.float), times(row.int8)],
          `${times(row.float_matrices)}, ${times(row.int8_matrices)}`,
        ]),
    );
  const markdown = {
    engines: shapes.map((shape) => `### ${shape}\n\n${engineTable(shape)}`).join('\n\n'),
    kernels: markdownTable(
      ['kernel', 'rows', 'columns', 'bound', 'product', 'with preparation', 'above the bound'],
      kernels.map((row) => [
        ...[row.kernel, row.rows, row.columns, row.bound, row.multiply, row.total],
        `${row.above_bound_percent.toFixed(1)} %`,
      ]),
    ),
    presets: markdownTable(
      ['preset', 'weights', 'context', 'cycles a token', 'tokens/s'],
      presets.map((row) => [
        ...[row.name, row.weights, row.context, grouped(row.cycles_per_token)],
        row.tokens_per_second.toFixed(1),
      ]),
    ),
  };
  return { ratios, markdown };
}
