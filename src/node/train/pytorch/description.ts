import type { Architecture, MatrixFormats } from '../../../core/model/config';
import { tensorFormats } from '../../../core/model/formats';
import { matrixFormat } from '../../../core/model/matrix-formats';
import { ngramFormat } from '../../../core/model/ngram';
import type { Optimizer } from '../../../core/model/options';
import { elementCount, tensorSpecs, type Weights } from '../../../core/model/tensors';
import { tensorEntries, type TensorEntry } from '../../../core/model/tensor-table';

/** What the program in Python knows of a tensor. */
export interface DescribedTensor {
  slot: string;
  /** Null for a tensor of the whole model. */
  layer: number | null;
  shape: readonly number[];
  /** How a matrix, or a row of a hashed table, is rounded; null for what is not rounded. */
  format: { peak: number; ofMean: boolean; divisor: number } | null;
  byMuon: boolean;
  isHashed: boolean;
}

/** The tensors of a model in the order of checkpoints, so that Python needs no table of its own. */
export function describeTensors(
  architecture: Architecture,
  formats: MatrixFormats,
  optimizer: Optimizer,
): DescribedTensor[] {
  const layers = /\.layers\.(\d+)\./;
  return tensorSpecs(architecture).map(({ name, shape, slot }) => {
    const entry = tensorEntries.find((each) => each.slot === slot);
    const layer = layers.exec(name)?.[1];
    const isMatrix = entry?.kind === 'matrix';
    return {
      slot,
      layer: layer === undefined ? null : Number(layer),
      shape,
      format: rounding(formats, architecture, entry),
      byMuon: optimizer === 'muon' && isMatrix && layer !== undefined,
      isHashed: entry?.kind === 'hashed',
    };
  });
}

function rounding(
  formats: MatrixFormats,
  { ngram_tables: tables }: Architecture,
  entry: TensorEntry | undefined,
): DescribedTensor['format'] {
  if (entry?.kind !== 'matrix' && entry?.kind !== 'hashed') return null;
  const format =
    entry.kind === 'hashed' && tables ? ngramFormat(tables) : matrixFormat(formats, entry);
  const { peak, rowScale } = tensorFormats[format];
  return { peak, ofMean: rowScale.of === 'mean', divisor: rowScale.divisor };
}

/** The tensors of a model as one array. */
export function joinTensors(architecture: Architecture, ...all: Weights[]): Uint8Array {
  const arrays = all.flatMap((tensors) =>
    tensorSpecs(architecture).map((spec) => {
      const values = tensors.get(spec.name);
      if (values?.length !== elementCount(spec)) {
        throw new RangeError(`Tensor ${spec.name} does not fit.`);
      }
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    }),
  );
  return Buffer.concat(arrays);
}

/** The opposite of joinTensors: `count` sets of the tensors of a model. */
export function splitTensors(
  architecture: Architecture,
  bytes: Uint8Array,
  count: number,
): Map<string, Float32Array>[] {
  // A copy: the bytes of a message may begin anywhere.
  const values = new Float32Array(Uint8Array.from(bytes).buffer);
  let start = 0;
  return Array.from({ length: count }, () => {
    const tensors = new Map<string, Float32Array>();
    for (const spec of tensorSpecs(architecture)) {
      const end = start + elementCount(spec);
      tensors.set(spec.name, values.slice(start, end));
      start = end;
    }
    return tensors;
  });
}
