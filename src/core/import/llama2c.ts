import type { Architecture } from '../model/config';
import {
  layerTensorNames,
  tensorSpecs,
  embeddingName,
  finalNormName,
  classifierName,
} from '../model/tensors';
import { grouped } from '../text';
import type { Checked } from '../problem';
import { ByteReader } from './byte-reader';
import { refused, type ImportedModel } from './imported';
import { llama2cHeader, type Llama2cHeader } from './llama2c-header';
import { hasOtherRotations } from './rotations';
import { halfSplit } from './rope-pairs';

/**
 * Reads a checkpoint of llama2.c: version 0 and 1 hold floats, version 2 int8 groups with a float
 * scale each. Its rotary pairs are neighbours; they become the halves of a head.
 */
export function readLlama2c(bytes: Uint8Array): Checked<ImportedModel> {
  const { value: header, problems } = llama2cHeader(bytes);
  if (!header) return { value: undefined, problems };
  const { architecture, version, dataStart } = header;
  const order = tensorOrder(header);
  const needed = dataStart + order.reduce((sum, item) => sum + bytesOf(header, item), 0);
  if (bytes.length !== needed) {
    const isShort = bytes.length < needed;
    return refused(
      isShort ? 'truncated' : 'size',
      `By its header (${headerText(header)}) the file should have ${grouped(needed)} bytes; it has ${grouped(bytes.length)}.`,
      isShort
        ? 'Copy or download it again.'
        : 'Check that it is a checkpoint of llama2.c, and whole.',
    );
  }
  const shapes = new Map(tensorSpecs(architecture).map((spec) => [spec.name, spec.shape]));
  const weights = new Map<string, Float32Array>();
  const reader = new ByteReader(bytes);
  reader.skip(dataStart);
  for (const item of order) {
    if (item.kind === 'rotations') {
      const rotations = reader.floats(item.count);
      if (!hasOtherRotations(rotations, architecture.head_dim, item.part)) continue;
      return refused(
        'rope',
        'The model rotates positions by another base than 10,000, which is the only one here.',
        'Use a model with rope theta 10,000.',
      );
    }
    const values = readTensor(reader, header, item);
    weights.set(item.name, values);
  }
  for (let layer = 0; layer < architecture.n_layers; layer++) {
    const { query, key } = layerTensorNames(layer);
    for (const name of [query, key]) {
      const [, columns = 0] = shapes.get(name) ?? [];
      const values = weights.get(name);
      if (values) weights.set(name, halfSplit(values, architecture.head_dim, columns));
    }
  }
  const format = `llama2.c version ${version}` as const;
  return { value: { format, architecture, weights }, problems };
}

/** The parts of a file in their order. */
type Item =
  | { kind: 'tensor'; name: string; count: number; isNorm: boolean }
  | { kind: 'rotations'; count: number; part: 'cosines' | 'sines' };

/** Slots of a layer's tensors, in the order in which each version lists them for all layers. */
const matrices = ['query', 'key', 'value', 'output'] as const;
const ffnMatrices = ['gate', 'down', 'up'] as const;

function tensorOrder({ architecture, version }: Llama2cHeader): Item[] {
  const counts = new Map(
    tensorSpecs(architecture).map(({ name, shape, role }) => [
      name,
      {
        count: shape.reduce((product: number, size) => product * size, 1),
        isNorm: role === 'norm',
      },
    ]),
  );
  const tensor = (name: string): Item => ({
    ...{ kind: 'tensor', name },
    ...(counts.get(name) ?? { count: 0, isNorm: false }),
  });
  const layers = Array.from({ length: architecture.n_layers }, (_, layer) =>
    layerTensorNames(layer),
  );
  const all = (slots: readonly (keyof (typeof layers)[number])[]) =>
    slots.flatMap((slot) => layers.map((names) => tensor(names[slot])));
  const classifier = architecture.tie_embeddings ? [] : [tensor(classifierName)];
  if (version === 0) {
    const count = (architecture.max_seq_len * architecture.head_dim) / 2;
    return [
      tensor(embeddingName),
      ...all(['attentionNorm', ...matrices, 'ffnNorm', ...ffnMatrices]),
      tensor(finalNormName),
      { kind: 'rotations', count, part: 'cosines' },
      { kind: 'rotations', count, part: 'sines' },
      ...classifier,
    ];
  }
  return [
    ...all(['attentionNorm', 'ffnNorm']),
    tensor(finalNormName),
    tensor(embeddingName),
    ...all([...matrices, ...ffnMatrices]),
    ...classifier,
  ];
}

function isGrouped({ version }: Llama2cHeader, item: Item): boolean {
  return version === 2 && item.kind === 'tensor' && !item.isNorm;
}

function bytesOf(header: Llama2cHeader, item: Item): number {
  if (!isGrouped(header, item)) return 4 * item.count;
  return item.count + 4 * (item.count / header.groupSize);
}

/** Elements of a tensor: floats, or int8 and then the scale of each group of them. */
function readTensor(reader: ByteReader, header: Llama2cHeader, item: Item): Float32Array {
  if (!isGrouped(header, item)) return reader.floats(item.count);
  const elements = reader.int8s(item.count);
  const scales = reader.floats(item.count / header.groupSize);
  return Float32Array.from(
    elements,
    (element, i) => element * (scales[Math.floor(i / header.groupSize)] ?? 0),
  );
}

function headerText({ architecture }: { architecture: Architecture }): string {
  const { dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size, max_seq_len } = architecture;
  return `dim ${dim}, hidden_dim ${hidden_dim}, ${n_layers} layers, ${n_heads} heads, ${n_kv_heads} for keys, ${vocab_size} tokens, ${max_seq_len} positions`;
}
