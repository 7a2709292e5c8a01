/** Rows of a tile: matrices are stored tile after tile, as the engine's kernels read them. */
export const tileRows = 8;

/** Properties of a format in which the device stores numbers. */
interface FormatProperties {
  /** Bits of one element. */
  bits: number;
  /** Largest magnitude of an element. */
  peak: number;
  /**
   * How the scale of a row follows from its magnitudes: the largest of them, or their mean, divided
   * by a number; `none` where the whole tensor has one power of two.
   */
  rowScale: { of: 'peak' | 'mean'; divisor: number } | 'none';
  /** Bytes of the scale of a row: a mantissa, or a number of its own; none for tensors without. */
  scaleBytes: 0 | 1 | 2;
  /** Rows that are stored together: a tile's, or one. */
  rows: number;
  /** Columns are padded to a multiple of this many, so that tiles have whole words. */
  columns: number;
  /** Tiles, or rows where they are stored alone, start on multiples of this many bytes. */
  alignment: number;
}

/**
 * Every format that a device image can name. The place of a format is its code in images and in the
 * trainer; the C headers of both are generated from here, so a new format goes to the end.
 *
 * The divisor of int4 makes the largest magnitude 7.5, which rounds down to 7: smaller steps cost
 * nothing. That of ternary makes a scale one and a half times the mean magnitude, where the error of
 * weights of a normal distribution has its minimum (Li and Liu, Ternary Weight Networks, 2016).
 */
export const tensorFormats = {
  int8: {
    ...{ bits: 8, peak: 127, rowScale: { of: 'peak', divisor: 127 }, scaleBytes: 2 },
    ...{ rows: tileRows, columns: 4, alignment: 4 },
  },
  int4: {
    ...{ bits: 4, peak: 7, rowScale: { of: 'peak', divisor: 7.5 }, scaleBytes: 2 },
    ...{ rows: tileRows, columns: 4, alignment: 4 },
  },
  ternary: {
    ...{ bits: 2, peak: 1, rowScale: { of: 'mean', divisor: 2 / 3 }, scaleBytes: 2 },
    ...{ rows: tileRows, columns: 16, alignment: 4 },
  },
  int16: {
    ...{ bits: 16, peak: 32_767, rowScale: 'none', scaleBytes: 0 },
    ...{ rows: 1, columns: 1, alignment: 2 },
  },
  int8_rows: {
    ...{ bits: 8, peak: 127, rowScale: { of: 'peak', divisor: 127 }, scaleBytes: 1 },
    ...{ rows: 1, columns: 4, alignment: 4 },
  },
  int4_rows: {
    ...{ bits: 4, peak: 7, rowScale: { of: 'peak', divisor: 7.5 }, scaleBytes: 1 },
    ...{ rows: 1, columns: 8, alignment: 4 },
  },
} as const satisfies Record<string, FormatProperties>;

export type TensorFormat = keyof typeof tensorFormats;

/** Formats of tables of which one row a token is read: rows are stored alone. */
export type RowFormat = Extract<TensorFormat, `${string}_rows`>;

/** Formats of matrices. Norm gains and rotary tables are int16 whatever the matrices are. */
export type WeightFormat = Exclude<TensorFormat, 'int16' | RowFormat>;

/** Formats of cached keys and values. */
export type CacheFormat = Extract<WeightFormat, 'int8' | 'int4'>;

/** Arithmetic of a forward pass in the trainer: floats, or the numbers that the device holds. */
export type Arithmetic = (typeof arithmetics)[number];

/** An arithmetic's place is its code in the trainer. */
export const arithmetics = ['float', 'device'] as const;

export const formatNames = Object.keys(tensorFormats) as TensorFormat[];

export const weightFormats = formatNames.filter(
  (format): format is WeightFormat => format !== 'int16' && tensorFormats[format].rows > 1,
);

/** The code of an arithmetic in the trainer. */
export function arithmeticCode(arithmetic: Arithmetic): number {
  return arithmetics.indexOf(arithmetic);
}

/** The code of a format in device images and in the trainer. */
export function formatCode(format: TensorFormat): number {
  return formatNames.indexOf(format);
}

/** Bytes from one tile to the next; of formats without tiles, from one row to the next. */
export function strideOf(format: TensorFormat, columns: number): number {
  const { bits, rows, columns: unit } = tensorFormats[format];
  return (rows * Math.ceil(columns / unit) * unit * bits) / 8;
}

/** Bytes of a tensor's elements, with the padding of rows and columns. */
export function storedBytes(format: TensorFormat, rows: number, columns: number): number {
  return Math.ceil(rows / tensorFormats[format].rows) * strideOf(format, columns);
}

/** Bytes of a tensor's elements, without padding. */
export function elementBytes(format: TensorFormat, rows: number, columns: number): number {
  return Math.ceil((rows * columns * tensorFormats[format].bits) / 8);
}
