import type { Architecture } from './config';
import type { RowFormat } from './formats';
import type { NgramTarget } from './options';

/**
 * Tables of which the last tokens pick a row, by a hash (ngram-hash.ts): one for each order in each
 * of the layers. The rows of a layer are added to its values or to the residual stream before it.
 */
export interface NgramTables {
  /** Numbers of tokens that pick a row, ascending. */
  orders: number[];
  /** Rows of a table, a power of two. */
  rows: number;
  into: NgramTarget;
  /** Layers with tables, ascending. */
  layers: number[];
  /** Elements of a row: the first ones of what it is added to. */
  width: number;
  /** Bits of an element in flash. */
  bits: 4 | 8;
}

/** Tables as written: all fields may be left out. */
export type NgramFile = Partial<NgramTables>;

type Widths = Pick<Architecture, 'dim' | 'n_kv_heads' | 'head_dim'>;

/** Width of what the rows are added to. */
export function ngramTargetWidth({ dim, n_kv_heads, head_dim }: Widths, into: NgramTarget): number {
  return into === 'values' ? n_kv_heads * head_dim : dim;
}

/** Defaults that do not depend on other values; ARCHITECTURE.md has the measurement. */
export const defaultNgram = {
  orders: [2, 3],
  rows: 8192,
  into: 'values',
  bits: 4,
} as const;

/** Tables with the defaults of absent fields, without the repetitions that a list may have. */
export function ngramWithDefaults(
  written: NgramFile,
  shape: Widths & Pick<Architecture, 'n_layers'>,
): NgramTables {
  const into = written.into ?? defaultNgram.into;
  const every = Array.from({ length: shape.n_layers }, (_, layer) => layer);
  return {
    orders: ascending(written.orders ?? defaultNgram.orders),
    rows: written.rows ?? defaultNgram.rows,
    into,
    layers: ascending(written.layers ?? every),
    width: written.width ?? ngramTargetWidth(shape, into),
    bits: written.bits ?? defaultNgram.bits,
  };
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** Bits of a row's number. */
export function ngramRowBits({ rows }: Pick<NgramTables, 'rows'>): number {
  return Math.round(Math.log2(rows));
}

/** The format in which rows are stored. */
export function ngramFormat({ bits }: Pick<NgramTables, 'bits'>): RowFormat {
  return bits === 4 ? 'int4_rows' : 'int8_rows';
}
