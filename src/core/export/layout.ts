import type { Architecture } from '../model/config';
import {
  classifierName,
  embeddingName,
  finalNormName,
  layerTensorNames,
  positionName,
} from '../model/tensors';

/**
 * Where everything lies in a device image. firmware/engine/image.h documents the format; a test
 * opens images written from this layout with the engine itself.
 */
export interface ImageLayout {
  tensors: TensorPlacement[];
  tensorsOffset: number;
  tokenizerOffset: number;
  coldOffset: number;
  coldBytes: number;
  weightsOffset: number;
  weightsBytes: number;
  imageBytes: number;
}

export type Section = 'weights' | 'cold';

export interface TensorPlacement {
  /** Name in the checkpoint; `rotary` for the table that the exporter computes. Absent: no data. */
  name: string | undefined;
  rows: number;
  columns: number;
  format: 'int8' | 'int16';
  section: Section;
  /** Offsets within the section, in bytes. */
  valuesOffset: number;
  scalesOffset: number;
}

export const imageHeaderBytes = 104;
export const tensorDescriptorBytes = 20;

/** Name of the rotary table among the placements. */
export const rotaryTableName = 'rotary';

type TensorRequest = Omit<TensorPlacement, 'valuesOffset' | 'scalesOffset'>;

function matrix(name: string, rows: number, columns: number, section: Section = 'weights') {
  return { name, rows, columns, format: 'int8', section } satisfies TensorRequest;
}

function vector(name: string, columns: number): TensorRequest {
  return { name, rows: 1, columns, format: 'int16', section: 'weights' };
}

const absent: TensorRequest = {
  name: undefined,
  rows: 0,
  columns: 0,
  format: 'int8',
  section: 'weights',
};

/** Tensors in the order of the engine's slots. */
function requests(architecture: Architecture): TensorRequest[] {
  const { vocab_size, dim, hidden_dim, head_dim, max_seq_len, position } = architecture;
  const queryWidth = architecture.n_heads * head_dim;
  const kvWidth = architecture.n_kv_heads * head_dim;
  const pairs = Math.floor(head_dim / 2);
  const tied = architecture.tie_embeddings;
  const list: TensorRequest[] = [
    // Read one row a token, unless it is the classifier as well.
    matrix(embeddingName, vocab_size, dim, tied ? 'weights' : 'cold'),
    position === 'learned' ? matrix(positionName, max_seq_len, dim, 'cold') : absent,
    position === 'rope' && pairs > 0
      ? { ...matrix(rotaryTableName, max_seq_len, pairs * 2, 'cold'), format: 'int16' }
      : absent,
    vector(finalNormName, dim),
    tied ? absent : matrix(classifierName, vocab_size, dim),
  ];
  for (let layer = 0; layer < architecture.n_layers; layer++) {
    const names = layerTensorNames(layer);
    list.push(
      vector(names.attentionNorm, dim),
      matrix(names.query, queryWidth, dim),
      matrix(names.key, kvWidth, dim),
      matrix(names.value, kvWidth, dim),
      matrix(names.output, dim, queryWidth),
      vector(names.ffnNorm, dim),
      architecture.gated ? matrix(names.gate, hidden_dim, dim) : absent,
      matrix(names.up, hidden_dim, dim),
      matrix(names.down, dim, hidden_dim),
    );
  }
  return list;
}

export function align4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** Lays out the image of a model whose tokenizer section takes `tokenizerBytes`. */
export function planImage(architecture: Architecture, tokenizerBytes: number): ImageLayout {
  const used: Record<Section, number> = { weights: 0, cold: 0 };
  const tensors = requests(architecture).map((request): TensorPlacement => {
    const elements = request.rows * request.columns;
    const valuesOffset = used[request.section];
    const scalesOffset = valuesOffset + align4(elements);
    used[request.section] =
      request.format === 'int16'
        ? valuesOffset + align4(elements * 2)
        : scalesOffset + align4(request.rows * 2);
    return { ...request, valuesOffset, scalesOffset };
  });
  const tensorsOffset = imageHeaderBytes;
  const tokenizerOffset = tensorsOffset + tensors.length * tensorDescriptorBytes;
  const coldOffset = tokenizerOffset + align4(tokenizerBytes);
  const weightsOffset = coldOffset + used.cold;
  return {
    tensors,
    tensorsOffset,
    tokenizerOffset,
    coldOffset,
    coldBytes: used.cold,
    weightsOffset,
    weightsBytes: used.weights,
    imageBytes: weightsOffset + used.weights,
  };
}
