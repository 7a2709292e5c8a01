import type { Architecture } from './config';
import {
  dimensionOf,
  isPresent,
  layerEntries,
  tensorName,
  tensorTable,
  type TensorEntry,
  type TensorRole,
  type TensorSlot,
} from './tensor-table';

export interface TensorSpec {
  name: string;
  /** [rows, columns] of a matrix, [length] of a norm gain. */
  shape: readonly [number] | readonly [number, number];
  role: TensorRole;
  slot: TensorSlot;
}

/** A float checkpoint: every tensor of `tensorSpecs`, row-major. */
export type Weights = ReadonlyMap<string, Float32Array>;

export const embeddingName = tensorName('embedding');
export const positionName = tensorName('position');
export const finalNormName = tensorName('final_norm');
export const classifierName = tensorName('classifier');

/** Names of the tensors of one layer; `gate` exists in gated models only. */
export function layerTensorNames(layer: number) {
  return {
    attentionNorm: tensorName('attention_norm', layer),
    query: tensorName('query', layer),
    key: tensorName('key', layer),
    value: tensorName('value', layer),
    output: tensorName('output', layer),
    ffnNorm: tensorName('ffn_norm', layer),
    gate: tensorName('gate', layer),
    up: tensorName('up', layer),
    down: tensorName('down', layer),
  };
}

/** Every tensor of a model's checkpoint, in its order: the tables of n-grams stand last. */
export function tensorSpecs(architecture: Architecture): TensorSpec[] {
  const specs = (entries: readonly TensorEntry[], prefix = '', layer?: number): TensorSpec[] =>
    entries.flatMap((entry) => {
      const { name, rows, columns, kind, role, slot } = entry;
      if (name === undefined || !isPresent(architecture, entry, layer)) return [];
      const width = dimensionOf(architecture, columns);
      const shape =
        kind === 'vector'
          ? ([width] as const)
          : ([dimensionOf(architecture, rows), width] as const);
      return [{ name: `${prefix}${name}`, shape, role, slot: slot as TensorSlot }];
    });
  const at = (wanted: TensorEntry['place']) => tensorTable.filter(({ place }) => place === wanted);
  const layers = (isHashed: boolean) => {
    const entries = layerEntries.filter(({ kind }) => (kind === 'hashed') === isHashed);
    return Array.from({ length: architecture.n_layers }, (_, layer) =>
      specs(entries, `model.layers.${layer}.`, layer),
    ).flat();
  };
  return [...specs(at('before')), ...layers(false), ...specs(at('after')), ...layers(true)];
}

/** Number of elements of a tensor. */
export function elementCount(spec: TensorSpec): number {
  return spec.shape.reduce((product, size) => product * size, 1);
}

/** Added to the mean square before its root, in both norms. */
export const normEpsilon = 1e-5;

/** Base of the rotary frequencies: theta ** (-2 i / head_dim) for the i-th pair. */
export const ropeTheta = 10_000;
