import type { Architecture } from '../model/config';
import type { BenchRecord } from '../wire/device-records';

/** Parts of a token whose cycles a board measures one by one. */
export const benchParts = ['matrices', 'attention', 'activations', 'norms'] as const;

export type BenchPart = (typeof benchParts)[number];

/** Cycles of a token by part; `rest` is what no part has: the look-up of the embedding. */
export type PartCycles = Record<BenchPart | 'sampling' | 'rest', number>;

export interface KernelTiming {
  name: string;
  rows: number;
  cols: number;
  /** On all cores together: two cores halve it. */
  cycles_per_mac: number;
}

/** What the benchmark of a board says about a model. */
export interface BenchReport {
  /** Of a token in the middle of the context, with its sampling. */
  cycles_per_token: number;
  context: number;
  tokens_per_second: number;
  /** At the middle of the context and at its end. */
  by_part: ({ context: number } & PartCycles)[];
  /** Without sampling. */
  by_context: { context: number; cycles: number }[];
  sampling: number;
  kernels: KernelTiming[];
  /** Cycles of dividing work between the cores; 0 for one. */
  barrier: number;
  peak_stack: number;
  peak_second_stack: number | null;
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

/** Cycles at a context, from the measured ones on both sides: they grow in a straight line. */
export function cyclesAt(
  points: readonly { context: number; cycles: number }[],
  context: number,
): number | undefined {
  const below = points.findLast((point) => point.context <= context);
  const above = points.find((point) => point.context >= context);
  if (!below || !above) return undefined;
  if (below.context === above.context) return below.cycles;
  const share = (context - below.context) / (above.context - below.context);
  return Math.round(below.cycles + share * (above.cycles - below.cycles));
}

/**
 * Puts the records of a board's benchmark together; undefined where it sent no whole token, as
 * firmware of other versions may.
 */
export function benchReport(
  records: readonly BenchRecord[],
  { max_seq_len }: Pick<Architecture, 'max_seq_len'>,
  clockMhz: number,
): BenchReport | undefined {
  const by_context: BenchReport['by_context'] = [];
  const kernels: KernelTiming[] = [];
  const parts = new Map<number, Partial<Record<string, number>>>();
  const report = { sampling: 0, barrier: 0, peak_stack: 0 };
  let peak_second_stack: number | null = null;
  for (const record of records) {
    const cycles = numberOf(record.cycles) ?? 0;
    const context = numberOf(record.context);
    const { part, kernel } = record;
    if (typeof part === 'string' && context !== undefined) {
      parts.set(context, { ...parts.get(context), [part]: cycles });
    } else if (typeof kernel === 'string') {
      const [rows, cols] = [numberOf(record.rows) ?? 0, numberOf(record.columns) ?? 0];
      kernels.push({ name: kernel, rows, cols, cycles_per_mac: cycles / (rows * cols) });
    } else if (context !== undefined) {
      by_context.push({ context, cycles });
    } else if (record.logits !== undefined) {
      report.sampling = cycles;
    } else if (record.cores !== undefined) {
      report.barrier = cycles;
    } else if (record.peak_stack !== undefined) {
      report.peak_stack = numberOf(record.peak_stack) ?? 0;
      peak_second_stack = numberOf(record.peak_second_stack) ?? null;
    }
  }
  const middle = Math.ceil(max_seq_len / 2);
  const forward = cyclesAt(by_context, middle);
  if (forward === undefined) return undefined;
  const cycles_per_token = forward + report.sampling;
  const by_part = [...parts].map(([context, measured]) => {
    const known = Object.fromEntries(benchParts.map((part) => [part, measured[part] ?? 0]));
    const sum = Object.values(known).reduce((total, cycles) => total + cycles, 0);
    const rest = Math.max(0, (cyclesAt(by_context, context) ?? sum) - sum);
    return { context, ...(known as Record<BenchPart, number>), rest, sampling: report.sampling };
  });
  return {
    ...{
      cycles_per_token,
      context: middle,
      tokens_per_second: (clockMhz * 1e6) / cycles_per_token,
    },
    ...{ by_part, by_context, kernels, peak_second_stack, ...report },
  };
}
