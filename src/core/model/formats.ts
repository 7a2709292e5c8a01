/** Properties of a format in which the device stores numbers. */
interface FormatProperties {
  /** Bits of one element. */
  bits: number;
  /** Largest magnitude of an element. */
  peak: number;
  /**
   * Every row starts at a multiple of this many bytes. A Cortex-M0+ faults on unaligned words, so
   * rows that kernels read word by word are padded to whole words.
   */
  alignment: number;
  /** Whether each row has a 16-bit scale, or the whole tensor a power of two alone. */
  scales: 'none' | 'row';
  /** Whether trainer, exporter and engine of this version support it. */
  runs: boolean;
}

/**
 * Every format that a device image can name. The place of a format is its code in images and in the
 * trainer; the C headers of both are generated from here, so a new format goes to the end.
 */
export const tensorFormats = {
  int8: { bits: 8, peak: 127, alignment: 4, scales: 'row', runs: true },
  int4: { bits: 4, peak: 7, alignment: 4, scales: 'row', runs: false },
  ternary: { bits: 2, peak: 1, alignment: 4, scales: 'row', runs: false },
  int16: { bits: 16, peak: 32_767, alignment: 2, scales: 'none', runs: true },
} as const satisfies Record<string, FormatProperties>;

export type TensorFormat = keyof typeof tensorFormats;

/** Formats of matrices. Norm gains and tables are int16 whatever the matrices are. */
export type WeightFormat = Exclude<TensorFormat, 'int16'>;

/** Number format of a forward pass in the trainer: float, or a format of the device. */
export type Arithmetic = 'float' | WeightFormat;

export const formatNames = Object.keys(tensorFormats) as TensorFormat[];

export const weightFormats = formatNames.filter((format) => format !== 'int16');

/**
 * The arithmetics that this version's trainer supports; an arithmetic's index is its code there.
 */
export const arithmetics: readonly Arithmetic[] = [
  'float',
  ...weightFormats.filter((format) => tensorFormats[format].runs),
];

/** The code of an arithmetic in the trainer. @throws RangeError for an unsupported one */
export function arithmeticCode(arithmetic: Arithmetic): number {
  const code = arithmetics.indexOf(arithmetic);
  if (code < 0) throw new RangeError(`The trainer does not compute in ${arithmetic}.`);
  return code;
}

/** The code of a format in device images. */
export function formatCode(format: TensorFormat): number {
  return formatNames.indexOf(format);
}

/** Bytes of a row's elements, without padding. */
export function rowBytes(format: TensorFormat, columns: number): number {
  return Math.ceil((columns * tensorFormats[format].bits) / 8);
}

/** Bytes from the start of one row to that of the next. */
export function rowStride(format: TensorFormat, columns: number): number {
  const { alignment } = tensorFormats[format];
  return Math.ceil(rowBytes(format, columns) / alignment) * alignment;
}
